"""`?cursor=`: lists of any size, page after page, without counting and without skipping.

A cursor names the last row that was read by the values that it is ordered by. It is signed: nobody
asks the database to compare with what they like.
"""

from __future__ import annotations

import json
from typing import Any

from django.core import signing
from django.db.models import Q

from core.errors import InvalidInput
from core.idempotency import fingerprint_of

SALT = "core.api.cursors"
NOT_ASKED = ("cursor", "page", "per_page", "fields")  # what may differ from page to page


class Cursor:
    """A place in an ordered list, for one caller and one question."""

    def __init__(self, request: Any, ordering: tuple[str, ...]) -> None:
        self.ordering = ordering
        query = sorted(
            (name, values) for name, values in request.query_params.lists() if name not in NOT_ASKED
        )
        question = [request.user.tenant_id, request.path, query, ordering]
        self.question = fingerprint_of(json.dumps(question).encode())[:16]

    def after(self, row: tuple[Any, ...]) -> str:
        """Return the cursor of what follows a row, given by the values of the ordering."""
        values = [None if each is None else str(each) for each in row]
        return signing.dumps([self.question, values], salt=SALT)

    def rest(self, queryset: Any, text: str) -> Any:
        """Return what follows the row that a cursor names.

        :raises InvalidInput: it is none of ours, or belongs to another question.
        """
        try:
            question, values = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            question, values = "", []
        if question != self.question:
            raise InvalidInput.of("cursor", "This is no cursor of this list.")
        return queryset.filter(following(self.ordering, values))


def following(ordering: tuple[str, ...], values: list[str | None]) -> Q:
    """The condition that rows come after one with these values, in PostgreSQL's order.

    Ascending, nulls come last; descending, first. The last column is unique and never null.
    """
    places = list(zip(ordering, values, strict=True))
    found = Q(pk__in=[])
    for number, (column, value) in enumerate(places):
        same = Q()
        for name, known in places[:number]:
            same &= _equal(name.removeprefix("-"), known)
        found |= same & _beyond(column, value)
    return found & _bound(*places[0])


def _equal(name: str, value: str | None) -> Q:
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})


def _beyond(column: str, value: str | None) -> Q:
    name, is_descending = column.removeprefix("-"), column.startswith("-")
    if value is None:
        return Q(**{f"{name}__isnull": False}) if is_descending else Q(pk__in=[])
    if is_descending:
        return Q(**{f"{name}__lt": value})
    return Q(**{f"{name}__gt": value}) | Q(**{f"{name}__isnull": True})


def _bound(column: str, value: str | None) -> Q:
    """What is true of all that follow, in words that an index on the first column understands."""
    if value is None:
        return Q()
    name = column.removeprefix("-")
    if column.startswith("-"):
        return Q(**{f"{name}__lte": value})
    return Q(**{f"{name}__gte": value}) | Q(**{f"{name}__isnull": True})
