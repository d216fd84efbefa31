from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from core.search_text import search_text
from sales.postal_codes.models import Settlement
from sales.postal_codes.reading import Row

# The table is changed into what the file says: a second time, nothing is left to write. Whoever
# asks meanwhile sees the table as it was.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('sales.postal_codes', 0))"
_NEW = """
    CREATE TEMPORARY TABLE new_settlement AS
    SELECT code, name, municipality, city, state, search_text FROM sales_settlement WITH NO DATA
"""
_COPY = "COPY new_settlement (code, name, municipality, city, state, search_text) FROM STDIN"
_REMOVE = """
    DELETE FROM sales_settlement AS old WHERE NOT EXISTS (
        SELECT FROM new_settlement AS new
        WHERE (new.code, new.name, new.municipality) = (old.code, old.name, old.municipality)
          AND (new.city, new.state, new.search_text) = (old.city, old.state, old.search_text)
    )
"""
_ADD = """
    INSERT INTO sales_settlement (code, name, municipality, city, state, search_text)
    SELECT * FROM new_settlement ORDER BY code, name
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Loaded:
    """How many settlements a file brought, and how many were not in it any more."""

    added: int
    removed: int


@dataclass
class Place:
    """What is known of a postal code."""

    found: bool = False
    municipality: str = ""
    city: str = ""
    state: str = ""
    colonies: list[str] = field(default_factory=list)


@transaction.atomic
def load_settlements(rows: Iterable[Row]) -> Loaded:
    """Make the table hold these settlements and no others. Two at once take turns."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN)
        cursor.execute(_NEW)
        _copy(cursor, rows)
        cursor.execute("ANALYZE new_settlement")
        cursor.execute(_REMOVE)
        removed = cursor.rowcount
        cursor.execute(_ADD)
        added = cursor.rowcount
        cursor.execute("DROP TABLE new_settlement")
    return Loaded(added=added, removed=removed)


def _copy(cursor: Any, rows: Iterable[Row]) -> None:
    with cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row((*row, f" {search_text(*row)}"))


def find_place(code: str) -> Place:
    """Look up a postal code, in one statement.

    Where settlements of one code lie in several municipalities, that of most of them is meant, the
    first by name of as many. In the country, where there is no city, the municipality stands for
    it.
    """
    columns = ("name", "municipality", "city", "state")
    found = Settlement.objects.filter(code=code).order_by("municipality", "name")
    rows = list(found.values_list(*columns))
    if not rows:
        return Place()
    (municipality, state), _ = Counter((row[1], row[3]) for row in rows).most_common(1)[0]
    cities = Counter(row[2] for row in rows if row[2] and row[1] == municipality)
    return Place(
        found=True,
        municipality=municipality,
        city=cities.most_common(1)[0][0] if cities else municipality,
        state=state,
        colonies=sorted({row[0] for row in rows}, key=search_text),
    )
