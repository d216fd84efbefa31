"""How many rows each table has: by which a backup is known to be whole."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

# What is not logged may be lost at any crash, and a standby knows nothing of it.
TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
      AND (c.relpersistence <> 'u' OR NOT pg_is_in_recovery())
    ORDER BY c.relname
"""


def tables() -> list[str]:
    """Return the names of all tables that can be read, those of libraries included."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return [name for (name,) in cursor.fetchall()]


def count_rows() -> dict[str, int]:
    """Return the number of rows of each table, in one statement and so in one snapshot."""
    names = tables()
    counts = [
        sql.SQL("(SELECT count(*) FROM {})").format(sql.Identifier("public", name))
        for name in names
    ]
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(counts)).as_string(None))
        return dict(zip(names, cursor.fetchone(), strict=True))
