"""A tenant is deleted for good: every row, history included, and every stored file.

Triggers and foreign keys are silent meanwhile: no link leads out of a tenant (each is a composite
key of its id) or into one, and all of its rows go together. That takes a right that the owner of a
database may lack; whoever has it grants it:
`GRANT SET ON PARAMETER session_replication_role TO crm` (PostgreSQL 15 and newer).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import ProgrammingError, connection, transaction

from accounts.models import Tenant
from core.errors import DomainError
from crm_project.privacy.finding import files_of
from crm_project.privacy.tables import tables_of_tenants

GRANT = "GRANT SET ON PARAMETER session_replication_role TO …"


class StillAtWork(DomainError):
    """People of the tenant may sign in."""

    code = "still_at_work"


class MayNot(DomainError):
    """The database's role lacks a right."""

    code = "may_not"


def delete_tenant(*, tenant: Tenant) -> dict[str, int]:
    """Delete a tenant that is inactive, all or nothing, and its stored files afterwards.

    :returns: how many rows went, by table.
    :raises StillAtWork: it is active.
    :raises MayNot: the database's role may not silence triggers.
    """
    files = list(files_of(tenant.pk))
    with transaction.atomic():
        locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
        if locked.is_active:
            raise StillAtWork(f"{tenant.slug} is active: make it inactive first, and export it.")
        gone: Counter[str] = Counter()
        with _silence():
            while going := _delete_all(tenant.pk):
                gone.update(going)
    for name, field in files:
        field.storage.delete(name)
    return dict(gone)


def _delete_all(tenant_id: int) -> dict[str, int]:
    """Delete from every table once; return how many rows went where some did.

    A worker that was at it when the first round came by may have added to something that was not
    gone yet; in the second round all that it could hang on is.
    """
    tables = tables_of_tenants()
    gone = {table.name: _delete(table.name, table.condition, tenant_id) for table in tables}
    return {name: number for name, number in gone.items() if number}


@contextmanager
def _silence() -> Iterator[None]:
    """No trigger fires meanwhile.

    :raises MayNot: the role may not.
    """
    try:
        with transaction.atomic():
            _set_role("replica")
    except ProgrammingError:
        raise MayNot(f"The database's role may not silence triggers. {GRANT}") from None
    yield
    _set_role("origin")


def _set_role(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('session_replication_role', %s, true)", [name])


def _delete(table: str, condition: str, tenant_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {condition}", {"tenant": tenant_id})
        return int(cursor.rowcount)
