"""Foreign keys as the database has them, and how to try one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from psycopg import sql

KEYS = """
SELECT c.conname, c.conrelid::regclass::text, c.confrelid::regclass::text,
       ARRAY(SELECT attname::text FROM unnest(c.conkey) WITH ORDINALITY k(num, nth)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num ORDER BY nth),
       ARRAY(SELECT attname::text FROM unnest(c.confkey) WITH ORDINALITY k(num, nth)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num ORDER BY nth)
FROM pg_constraint c WHERE c.contype = 'f' ORDER BY 2, 1
"""
COLUMNS = """
SELECT a.attrelid::regclass::text, a.attname::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
"""
WITHOUT_NUMBERS = """
SELECT attrelid::regclass::text FROM pg_attribute
WHERE attname = 'id' AND atttypid = 'uuid'::regtype AND NOT attisdropped
"""
# Nothing but keys is left to refuse a row of which all but its links is empty.
LET_BARE_ROWS_IN = """
DO $$
DECLARE one record;
BEGIN
    SET CONSTRAINTS ALL IMMEDIATE;
    FOR one IN SELECT conrelid::regclass AS home, conname AS name FROM pg_constraint
        WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND conrelid <> 0
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.home, one.name); END LOOP;
    FOR one IN SELECT a.attrelid::regclass AS home, a.attname AS name
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0
          AND a.attnotnull AND NOT a.attisdropped AND a.attidentity = '' AND NOT EXISTS (
              SELECT FROM pg_index i
              WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
    LOOP EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', one.home, one.name); END LOOP;
    FOR one IN SELECT DISTINCT tgrelid::regclass AS home FROM pg_trigger WHERE NOT tgisinternal
    LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one.home); END LOOP;
END $$
"""


class Key(NamedTuple):
    """A foreign key."""

    name: str
    table: str
    target: str
    columns: list[str]
    pointed_at: list[str]


def keys() -> list[Key]:
    """All that the database has."""
    return [Key(*row) for row in _fetch(KEYS)]


def tables_of_tenants() -> set[str]:
    """Tables whose rows are of a tenant, and the tenants themselves."""
    return {table for table, column in _fetch(COLUMNS) if column == "tenant_id"} | {
        "accounts_tenant"
    }


def columns_like_links() -> set[tuple[str, str]]:
    """Columns of tenants' tables that are named as links are; what history tells about may be gone,
    so that it has no keys."""
    found = [(table, column) for table, column in _fetch(COLUMNS)]
    current = tables_of_tenants() - {table for table, column in found if column == "pgh_id"}
    return {
        (table, column)
        for table, column in found
        if table in current and column.endswith(("_id", "_ids"))
    }


@contextmanager
def without_rules() -> Iterator[None]:
    """Let rows in that are empty but for their links."""
    with transaction.atomic():
        _run(LET_BARE_ROWS_IN)
        yield
        transaction.set_rollback(True)


def link(key: Key, tenant: int, *, of: int) -> str:
    """Point a new row of a tenant at one of another; the name of the key that refuses it."""
    with transaction.atomic():
        pointed_at = _bare_row(key.target, of, key.pointed_at)
        try:
            with transaction.atomic():
                _point(key, tenant, pointed_at)
        except IntegrityError as error:
            return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
        finally:
            transaction.set_rollback(True)
    return ""


def _point(key: Key, tenant: int, pointed_at: tuple[Any, ...]) -> None:
    values = dict(zip(key.columns, pointed_at, strict=True))
    if "tenant_id" in values:
        _insert(key.table, values | {"tenant_id": tenant}, ["tenant_id"])
        return
    del values["id"]  # of the tenant itself
    for column, value in values.items():
        query = sql.SQL("UPDATE {} SET {} = {} WHERE id = {}").format(
            sql.Identifier(key.table), sql.Identifier(column), sql.Literal(value), tenant
        )
        _run(query.as_string(None))


def _bare_row(table: str, tenant: int, wanted: list[str]) -> tuple[Any, ...]:
    """A row with nothing but what a key wants to point at; that of the key's columns."""
    values = {"tenant_id": tenant}
    for key in keys() if set(wanted) - {"tenant_id", "id"} else ():
        links = set(key.columns) - {"tenant_id"}
        if key.table == table and links and links < set(wanted):
            found = _bare_row(key.target, tenant, key.pointed_at)
            values |= dict(zip(key.columns, found, strict=True))
    return _insert(table, values, wanted)


def _insert(table: str, values: dict[str, Any], wanted: list[str]) -> tuple[Any, ...]:
    if (table,) in _fetch(WITHOUT_NUMBERS):
        values = {"id": str(uuid.uuid4()), **values}
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Literal, values.values())),
        sql.SQL(", ").join(map(sql.Identifier, wanted)),
    )
    return _fetch(query.as_string(None))[0]


def _fetch(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _run(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)
