"""The live cards that rows may be duplicates of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import orjson
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

from core.tenancy import current_tenant
from prospects.imports.reading import Key, identifying_keys
from prospects.pipeline.bulk import Values
from prospects.pipeline.models import Prospect

# Of a card, what a row can change and what it is found by.
_OTHERS = {"tenant_id", "created_at", "updated_at", "deleted_at", "merged_into_id"}
_OTHERS |= {"search_text", "company_key"}
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

    def __init__(self, cards: Iterable[Card], visible: dict[int, bool] | None = None) -> None:
        """:param visible: ids of the cards that the caller may see, and whether they may change it;
        None if they may do all.
        """
        self._visible = visible
        self._by_key = {key: card for card in cards for key in identifying_keys(card)}

    def matches(self, keys: Iterable[Key]) -> list[tuple[str, Card]]:
        """The card that has the row's email, the one that has its phone, its external id."""
        found = ((key[0], self._by_key.get(key)) for key in keys)
        return [(kind, card) for kind, card in found if card is not None]

    def is_visible(self, card: Card) -> bool:
        """Whether the caller may know which card it is."""
        return self._visible is None or card["id"] in self._visible

    def is_changeable(self, card: Card) -> bool:
        """Whether the caller may change it: not by a share that is for looking only."""
        return self._visible is None or self._visible.get(card["id"], False)


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
    return KnownCards(cards, _visible_cards([card["id"] for card in cards], by))


def _visible_cards(ids: list[int], by: Any) -> dict[int, bool] | None:
    if by is None or not ids:
        return None
    changeable = Prospect.objects.changeable_by(by).filter(pk__in=ids).values("pk")
    is_changeable = ExpressionWrapper(Q(pk__in=changeable), output_field=BooleanField())
    visible = Prospect.objects.visible_to(by).filter(pk__in=ids)
    return dict(visible.values_list("pk", is_changeable))
