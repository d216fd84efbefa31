"""The measured database, without Django in between."""

from __future__ import annotations

import os
from typing import Any

import psycopg


def connect() -> psycopg.Connection[Any]:
    """Open a connection in autocommit that sends each statement as one text, like Django's."""
    return psycopg.connect(
        os.environ["DATABASE_URL"], autocommit=True, cursor_factory=psycopg.ClientCursor
    )


def value_of(connection: psycopg.Connection[Any], sql: str, params: Any = None) -> Any:
    """Return the first column of a statement's first row."""
    row = connection.execute(sql, params).fetchone()
    assert row is not None
    return row[0]
