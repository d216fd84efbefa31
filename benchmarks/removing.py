"""Take out what a benchmark put in, without the product's triggers and checks of foreign keys.

History is append-only and nobody deletes cards for good, so there are no indexes for it either;
the database's role must be a superuser, as that of the embedded one is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.database import connect
from core.tenancy import tenant_scope
from prospects.counts.services import recount

TABLES_OF_TENANTS = """
    SELECT table_name FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND column_name = 'tenant_id'
"""


@contextmanager
def unguarded() -> Iterator[Any]:
    """A transaction in which no trigger fires."""
    with connect() as database, database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        yield database


def remove_tenant(tenant_id: int) -> None:
    """Delete everything of a tenant."""
    with unguarded() as database:
        of_users = "user_id IN (SELECT id FROM accounts_user WHERE tenant_id = %s)"
        for table in ("accounts_user_user_permissions", "accounts_user_groups"):
            database.execute(f"DELETE FROM {table} WHERE {of_users}", [tenant_id])
        for (table,) in database.execute(TABLES_OF_TENANTS).fetchall():
            database.execute(f'DELETE FROM "{table}" WHERE tenant_id = %s', [tenant_id])
        database.execute("DELETE FROM accounts_tenant WHERE id = %s", [tenant_id])
    with connect() as database:
        database.execute("VACUUM")


def remove_imports(tenant_id: int, *, after_card: int, after_job: int) -> None:
    """Delete the cards, contacts and jobs that imports made after these ids; count anew."""
    cards, jobs = [tenant_id, after_card], [tenant_id, after_job]
    with unguarded() as database:
        for table, column, after in (
            ("prospects_contact", "prospect_id", cards),
            ("prospects_prospect", "id", cards),
            ("prospects_importrow", "job_id", jobs),
            ("prospects_importjob", "id", jobs),
        ):
            database.execute(f"DELETE FROM {table} WHERE tenant_id = %s AND {column} > %s", after)
    with tenant_scope(tenant_id):
        recount()
