"""Where a person is still spoken of: texts that people wrote, which no rule can know."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from core.tenancy import current_tenant
from crm_project.privacy.rules import KEPT
from crm_project.privacy.tables import tables_of_tenants
from prospects.contacts.models import Contact

SHORTEST_NAME, SHORTEST_PHONE = 6, 7  # shorter ones are in too many texts that mean others
MOST_IDS = 20


class Mention(NamedTuple):
    """Rows of one table that have the person's name, email or phone somewhere.

    :ivar why: the reason, if they are kept on purpose.
    """

    table: str
    number: int
    ids: list[int]
    why: str


def patterns_of(people: Iterable[Contact]) -> list[str]:
    """Return patterns for ILIKE by which texts that mean one of these are found."""
    words: set[str] = set()
    for person in people:
        words.update(person.emails)
        words.update({person.name} if len(person.name) >= SHORTEST_NAME else ())
        words.update({person.phone} if len(person.phone) >= SHORTEST_PHONE else ())
    return [f"%{_literal(word)}%" for word in sorted(words) if word]


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def find_mentions(patterns: list[str]) -> list[Mention]:
    """Look through every row of the tenant acted for: seconds for each 100,000 rows."""
    found = []
    for table in tables_of_tenants():
        query = (
            f"SELECT count(*), (array_agg(to_jsonb(t) -> 'id'))[:{MOST_IDS}] FROM {table.name} t "
            f"WHERE {table.condition} AND t::text ILIKE ANY(%(patterns)s)"
        )
        with connection.cursor() as cursor:
            cursor.execute(query, {"tenant": current_tenant(), "patterns": patterns})
            number, ids = cursor.fetchone()
        if number:
            found.append(Mention(table.name, number, ids, KEPT.get(table.name, "")))
    return found
