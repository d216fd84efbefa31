"""Cards that look alike and are not the same: said once, they are not shown as duplicates again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db import transaction

from clients.duplicates.models import DistinctCards
from core.errors import InvalidInput, NotAllowed, NotFound
from prospects.duplicates.probes import MOST
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import acting_author


@transaction.atomic
def dismiss_duplicates(*, card_ids: Collection[int], by: Any, at: datetime) -> int:
    """Say of cards that no two of them are the same. Returns how many pairs that was news for.

    :raises InvalidInput: it is not about two to twenty cards.
    :raises NotFound: one of them does not exist, or `by` may not see it.
    :raises NotAllowed: `by` may only look at one of them.
    """
    ids = sorted(set(card_ids))
    if not 2 <= len(ids) <= MOST:
        raise InvalidInput.of("cards", f"Name 2 to {MOST} prospects.")
    _require_changeable(ids, by)
    author, before = acting_author(by), _among(ids).count()
    pairs = [
        DistinctCards(one_id=one, other_id=other, by=author, created_at=at)
        for one, other in combinations(ids, 2)
    ]
    DistinctCards.objects.bulk_create(pairs, ignore_conflicts=True)
    return len(pairs) - int(before)


@transaction.atomic
def take_dismissal_back(*, pair_id: int, by: Any) -> None:
    """Let two cards be shown as possible duplicates again.

    :raises NotFound: nothing of the kind was said, or `by` may not see both cards.
    :raises NotAllowed: `by` may only look at one of them.
    """
    pair = DistinctCards.objects.select_for_update(of=("self",)).filter(pk=pair_id).first()
    if pair is None:
        raise NotFound("There is no such pair.")
    _require_changeable([pair.one_id, pair.other_id], by)
    pair.delete()


def latest_dismissals(*, seen_by: Any, most: int) -> list[DistinctCards]:
    """Return the pairs of living cards that were said not to be the same, the latest first."""
    cards = Prospect.objects.visible_to(seen_by).values("pk")
    pairs = DistinctCards.objects.filter(one__in=cards, other__in=cards)
    return list(pairs.select_related("one", "other", "by").order_by("-pk")[:most])


def distinct_pairs(ids: Collection[int]) -> set[tuple[int, int]]:
    """Return the pairs among these cards that are not the same, the earlier card first."""
    return set(_among(ids).values_list("one_id", "other_id"))


def _among(ids: Collection[int]) -> Any:
    return DistinctCards.objects.filter(one__in=ids, other__in=ids)


def _require_changeable(ids: Collection[int], by: Any) -> None:
    cards = Prospect.objects.filter(pk__in=ids)
    if cards.visible_to(by).count() < len(ids):
        raise NotFound("There is no such prospect.")
    if cards.changeable_by(by).count() < len(ids):
        raise NotAllowed("You may look at one of these prospects, not change it.")
