"""The live cards that rows may be duplicates of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from typing import Any

import orjson
from django.db import connection

from core.tenancy import current_tenant
from prospects.imports.reading import Key, identifying_keys
from prospects.pipeline.bulk import Values
from prospects.pipeline.models import Prospect

# Of a card, what a row can change and what it is found by.
_OTHERS = {"tenant_id", "created_at", "updated_at", "deleted_at", "search_text", "merged_into_id"}
_COLUMNS = [str(f.column) for f in Prospect._meta.concrete_fields if f.column not in _OTHERS]
_LIVE = "SELECT id FROM prospects_prospect WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL"
_ARRAY = "ARRAY(SELECT jsonb_array_elements_text(%({})s::jsonb))"
# Three look-ups by the three unique indexes; as one OR the planner may read the whole table.
_FIND = f"""
    SELECT {", ".join(_COLUMNS)} FROM prospects_prospect WHERE id IN (
        {_LIVE} AND email > '' AND email = ANY({_ARRAY.format("email")})
        UNION {_LIVE} AND phone > '' AND phone = ANY({_ARRAY.format("phone")})
        UNION {_LIVE} AND external_id > '' AND external_id = ANY({_ARRAY.format("external_id")})
    )
"""

Card = dict[str, Any]


class KnownCards:
    """Cards by what identifies them."""

    def __init__(self, cards: Iterable[Card], visible_ids: Container[int] | None = None) -> None:
        """:param visible_ids: the cards that the caller may see; None if that is all of them."""
        self._visible_ids = visible_ids
        self._by_key = {key: card for card in cards for key in identifying_keys(card)}

    def matches(self, keys: Iterable[Key]) -> list[tuple[str, Card]]:
        """The card that has the row's email, the one that has its phone, its external id."""
        found = ((key[0], self._by_key.get(key)) for key in keys)
        return [(kind, card) for kind, card in found if card is not None]

    def is_visible(self, card: Card) -> bool:
        """Whether the caller may know which card it is."""
        return self._visible_ids is None or card["id"] in self._visible_ids


def find_known(rows: Iterable[Values], by: Any = None) -> KnownCards:
    """Find the live cards that have an email, phone or external id of these rows.

    :param by: whose eyes count; None sees everything.
    """
    wanted = defaultdict(list)
    for values in rows:
        for kind in ("email", "phone", "external_id"):
            if values.get(kind):
                wanted[kind].append(values[kind])
    if not wanted:
        return KnownCards([])
    with connection.cursor() as cursor:
        cursor.execute(
            _FIND,
            {"tenant_id": current_tenant()}
            | {
                kind: orjson.dumps(wanted[kind]).decode()
                for kind in ("email", "phone", "external_id")
            },
        )
        cards = [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    return KnownCards(cards, _visible_ids(cards, by))


def _visible_ids(cards: list[Card], by: Any) -> Container[int] | None:
    if by is None or not cards:
        return None
    ids = [card["id"] for card in cards]
    return set(Prospect.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))
