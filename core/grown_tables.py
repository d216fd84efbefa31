"""What the planner knows of tables that much is written to at once."""

from __future__ import annotations

from typing import Any

from django.db import connection

_FEW_PAGES = 50
_GROWN = f"""
    SELECT oid::regclass::text FROM pg_class
    WHERE oid = ANY(%s::regclass[])
      AND pg_relation_size(oid) > greatest(4 * relpages::bigint, {_FEW_PAGES}) * 8192
"""


def analyze_grown(*models: Any) -> None:
    """Take statistics of the tables of these models that have grown fourfold since the last ones.

    Autovacuum comes after a minute. Until then the keys of every new row are checked as it was
    planned when there were few rows: by reading the whole table. To be called between transactions.
    """
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, [tables])
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {table}")
