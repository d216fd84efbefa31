"""Where the rows of a tenant stand: every table with a `tenant_id`, and the few without one."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

WITH_TENANT = """
    SELECT t.table_name FROM information_schema.tables t
    JOIN information_schema.columns c USING (table_schema, table_name)
    WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name = 'tenant_id'
    ORDER BY t.table_name
"""
COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position
"""
OF_USERS = "user_id IN (SELECT id FROM accounts_user WHERE tenant_id = %(tenant)s)"
# Tables of libraries, and those that hang on a user, who is of a tenant.
# tests/operations/test_privacy.py finds whoever links to a tenant's row and is missing here.
WITHOUT_TENANT = {
    "accounts_tenant": "id = %(tenant)s",
    "accounts_twofactor": OF_USERS,
    "accounts_user_groups": OF_USERS,
    "accounts_user_user_permissions": OF_USERS,
    "django_admin_log": OF_USERS,
    "guardian_userobjectpermission": OF_USERS,
}


class Table(NamedTuple):
    """A table, and which of its rows are a tenant's: a condition with `%(tenant)s`."""

    name: str
    condition: str


def tables_of_tenants() -> list[Table]:
    """Return all tables that hold rows of tenants; those that others find theirs by stand last."""
    with connection.cursor() as cursor:
        cursor.execute(WITH_TENANT)
        names = [name for (name,) in cursor.fetchall()]
    last = ("accounts_user", "accounts_tenant")
    own = [Table(name, "tenant_id = %(tenant)s") for name in names]
    found = [*own, *(Table(*each) for each in WITHOUT_TENANT.items())]
    return sorted(found, key=lambda table: last.index(table.name) + 1 if table.name in last else 0)


def columns_of(table: str) -> list[str]:
    """Return the names of a table's columns, in order."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [table])
        return [name for (name,) in cursor.fetchall()]


def count_rows_of(tenant_id: int) -> dict[str, int]:
    """Return how many rows a tenant has in each table that holds any of its."""
    counted = {}
    with connection.cursor() as cursor:
        for table in tables_of_tenants():
            query = f"SELECT count(*) FROM {table.name} WHERE {table.condition}"
            cursor.execute(query, {"tenant": tenant_id})
            (counted[table.name],) = cursor.fetchone()
    return {name: number for name, number in counted.items() if number}
