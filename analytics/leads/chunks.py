"""Which cards a run looks at, in chunks: what changed, a piece of the round, or everything.

No list of cards is held here that grows with the backlog.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from analytics.leads.statements import (
    CARD_BOUNDARY,
    FILL,
    IN_ORDER,
    NEXT_CARDS,
    OF_IDS,
    OF_RANGE,
    write_chunk,
)
from core.tenancy import current_tenant

FIRST, LAST = 0, 2**63 - 1
WRITE = {OF_IDS: write_chunk(OF_IDS), OF_RANGE: write_chunk(OF_RANGE)}


@dataclass(frozen=True)
class Chunk:
    """Some cards: a list of ids or a range of them."""

    cards: str
    params: dict[str, Any]

    def write(self) -> tuple[int, int, int]:
        """Bring their leads up to date. Returns how many there are, were written, were deleted."""
        return self._execute(WRITE[self.cards])

    def fill(self) -> tuple[int, int, int]:
        """The same for a range of cards that have no leads yet."""
        try:
            with transaction.atomic():
                return self._execute(FILL)
        except IntegrityError:  # a company went to a card of this range after its lead was written
            return self.write()

    def _execute(self, sql: str) -> tuple[int, int, int]:
        with connection.cursor() as cursor:
            cursor.execute(sql, {"tenant": current_tenant(), **self.params})
            found, written, deleted = cursor.fetchone()
        return found, written, deleted


def of_ids(ids: list[int]) -> Chunk:
    return Chunk(OF_IDS, {"ids": ids})


def of_range(after: int, last: int) -> Chunk:
    return Chunk(OF_RANGE, {"after": after, "last": last})


def changed_since(watermark: datetime) -> Iterator[Chunk]:
    """Cards that changed after the watermark; the list of them stays in the database."""
    params = {"tenant": current_tenant(), "watermark": watermark}
    with connection.chunked_cursor() as cursor:
        cursor.execute(IN_ORDER, params)
        while rows := cursor.fetchmany(settings.CRM_ANALYTICS_CHUNK):
            yield of_ids([pk for (pk,) in rows])


def everything() -> Iterator[Chunk]:
    """All cards by id, in chunks large enough that their number costs nothing."""
    after = FIRST
    while after < LAST:
        boundary = _ids(CARD_BOUNDARY, after=after, skip=settings.CRM_ANALYTICS_FULL_CHUNK - 1)
        last = boundary[0] if boundary else LAST
        yield of_range(after, last)
        after = last


@dataclass(frozen=True)
class Round:
    """The next piece of the rolling round: so many cards, and where it ended."""

    chunks: list[Chunk]
    count: int
    cursor: int


def next_of_round(cursor: int) -> Round:
    """Take the next cards by id; at the end of the list the round begins anew."""
    wanted = settings.CRM_ANALYTICS_ROLLING
    if not wanted:
        return Round([], 0, cursor)
    ids = _ids(NEXT_CARDS, after=cursor, last=LAST, limit=wanted)
    if len(ids) == wanted:
        return Round(_ranges([cursor, *ids]), len(ids), ids[-1])
    again = _ids(NEXT_CARDS, after=FIRST, last=cursor, limit=wanted - len(ids))
    # Both ends belong to it: leads whose cards are gone may lie before and behind the others.
    has_wrapped_up = len(ids) + len(again) < wanted
    first = _ranges([FIRST, *again, *([cursor] if has_wrapped_up else [])])
    second = _ranges([cursor, *ids, LAST])
    return Round([*second, *first], len(ids) + len(again), again[-1] if again else FIRST)


def _ranges(ids: list[int]) -> list[Chunk]:
    """Ranges of a chunk's size that lie between the first and the last of these ids."""
    bounds = [*ids[: -1 : settings.CRM_ANALYTICS_CHUNK], ids[-1]]
    return [of_range(after, last) for after, last in pairwise(bounds) if after < last]


def _ids(sql: str, **params: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tenant": current_tenant(), **params})
        return [pk for (pk,) in cursor.fetchall()]
