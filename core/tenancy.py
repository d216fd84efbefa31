"""For whom is this code acting?

The default is nobody. A query on a tenant's table may then be *built* (libraries build querysets
at import) but not *run*: running it raises TenantNotSet. The API enters the caller's tenant after
authentication, a task enters the one it was given, the back office the staff user's. Everyone is
entered only by name, with across_tenants().
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import FullResultSet
from django.db.models import BooleanField, Func

NOBODY = "nobody"
EVERYONE = "everyone"

_acting_for: ContextVar[int | str] = ContextVar("acting_for", default=NOBODY)


class TenantNotSet(Exception):
    """A tenant's table was read or written while acting for nobody."""


class WrongTenant(Exception):
    """A row of one tenant was about to be written while acting for another."""


def current_tenant() -> int | None:
    """Return the id of the tenant acted for, or None when acting for everyone.

    :raises TenantNotSet: when acting for nobody.
    """
    acting_for = _acting_for.get()
    if acting_for == NOBODY:
        raise TenantNotSet("Enter a tenant first, or say across_tenants().")
    return None if acting_for == EVERYONE else int(acting_for)


def enter_tenant(tenant_id: int) -> None:
    """Act for this tenant until the surrounding scope closes."""
    _acting_for.set(tenant_id)


@contextmanager
def _acting(acting_for: int | str) -> Iterator[None]:
    token = _acting_for.set(acting_for)
    try:
        yield
    finally:
        _acting_for.reset(token)


def tenant_scope(tenant_id: int | None) -> Any:
    """Act for one tenant inside the `with` block.

    :raises TenantNotSet: when there is no tenant to act for.
    """
    if tenant_id is None:
        raise TenantNotSet("A scope needs a tenant.")
    return _acting(int(tenant_id))


def no_tenant() -> Any:
    """Act for nobody: the state in which requests, tasks and tests start."""
    return _acting(NOBODY)


def across_tenants() -> Any:
    """Act for everyone: authentication, operators and maintenance."""
    return _acting(EVERYONE)


class InCurrentTenant(Func):
    """The condition `tenant_id = <tenant acted for>`, decided when the query runs.

    Deciding late is what lets a queryset be built at import or as nobody and still be safe: it is
    the running query that is filtered, or refused.
    """

    output_field = BooleanField()
    arity = 1

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        tenant_id = current_tenant()
        if tenant_id is None:
            raise FullResultSet
        column, params = compiler.compile(self.source_expressions[0])
        return f"{column} = %s", [*params, tenant_id]
