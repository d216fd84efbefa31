"""Rows as PostgreSQL's COPY reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prospects.pipeline.bulk import Values


def copy_text(rows: Iterable[Values]) -> str:
    """Return rows in COPY's text format. The texts hold no tab, line break or backslash."""
    return "".join("\t".join(map(_cell, row.values())) + "\n" for row in rows)


def copy_statement(table: str, columns: Iterable[str]) -> str:
    """Return the COPY of these columns."""
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN"


def copy_rows(cursor: Any, table: str, rows: list[Values]) -> None:
    """Write rows that all have the same columns in the same order."""
    with cursor.copy(copy_statement(table, rows[0])) as copy:
        copy.write(copy_text(rows))


def _cell(value: Any) -> str:
    return "\\N" if value is None else str(value)
