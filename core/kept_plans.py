"""Statements whose plan PostgreSQL keeps, for texts that never change.

Planning a join of seven tables takes several times longer than reading 25 rows of it by their ids.
A connection prepares such a statement once. Statements whose best plan depends on what is asked for
(filters, searches) do not belong here.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg import Cursor
from psycopg.pq import Format
from psycopg.rows import dict_row


def fetch_kept(sql: str, params: Any) -> list[dict[str, Any]]:
    """Run a SELECT and return its rows by column name.

    The server binds the parameters: where their type is not plain from the statement it must say
    so (`%s::bigint[]`).
    """
    with connection.wrap_database_errors:
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        kept = Cursor(connection.connection, row_factory=dict_row)
    kept.format = Format.BINARY  # read without text in between
    wrap: Any = (
        connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    )
    with wrap(kept) as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
