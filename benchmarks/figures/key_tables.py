"""Copies of tables that have nothing but their primary and unique keys."""

from __future__ import annotations

from typing import Any

import psycopg

SCHEMA = "bench_copies"
KEYS = """
    SELECT pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND indisunique
"""

Database = psycopg.Connection[Any]


def create_copies(database: Database, tables: tuple[str, ...]) -> None:
    """Create an empty copy of each table in a schema of its own."""
    drop_copies(database)
    database.execute(f"CREATE SCHEMA {SCHEMA}")
    for table in tables:
        database.execute(
            f"CREATE TABLE {SCHEMA}.{table} "
            f"(LIKE public.{table} INCLUDING DEFAULTS INCLUDING IDENTITY)"
        )
        for (definition,) in database.execute(KEYS, [f"public.{table}"]).fetchall():
            on = (f" ON public.{table} ", f" ON {SCHEMA}.{table} ")
            database.execute(definition.replace(*on))


def empty_copies(database: Database, tables: tuple[str, ...]) -> None:
    """Throw away what stands in the copies."""
    database.execute(f"TRUNCATE {', '.join(f'{SCHEMA}.{table}' for table in tables)}")


def drop_copies(database: Database) -> None:
    """Remove the schema with all copies."""
    database.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
