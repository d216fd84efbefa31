"""Cards that are put elsewhere: one by one, or many at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.users.models import User
from core.errors import DomainError, InvalidInput
from prospects.pipeline.bulk import update_cards
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.models import FollowUpCategory, Prospect
from prospects.pipeline.services import change_locked
from prospects.pipeline.telling import tell_owners

PROSPECT, CLIENT = Prospect.Type.PROSPECT, Prospect.Type.CLIENT


class ElsewhereNow(DomainError):
    """Somebody moved it while somebody else looked at it where it was."""

    code = "elsewhere"


@transaction.atomic
def move_card(
    *, prospect_id: int, category_id: int, known_id: int | None, seen_by: User, at: datetime
) -> None:
    """Put a card into a category; one that is there already stays as it is.

    :param known_id: the category in which whoever moves it saw it; None: it does not matter.
    :raises NotFound, NotAllowed: as lock_prospect.
    :raises ElsewhereNow: it is in a third category by now.
    :raises InvalidInput: there is no such category.
    """
    card = lock_prospect(prospect_id, columns=("category_id",), seen_by=seen_by)
    if card.category_id == category_id:
        return
    if known_id not in (None, card.category_id):
        raise ElsewhereNow("Somebody moved this prospect to another category meanwhile.")
    if not FollowUpCategory.objects.filter(pk=category_id).exists():
        raise InvalidInput.of("category", "There is no such category.")
    change_locked(card, {"category_id": category_id}, at=at)


@transaction.atomic
def move_cards(*, prospect_ids: Collection[int], category_id: int, at: datetime) -> int:
    """Put cards into a category. Those that are there already stay as they are.

    Returns how many were moved.
    """
    elsewhere = _lock(prospect_ids).exclude(category_id=category_id)
    change: dict[str, Any] = {"category_id": category_id, "category_changed_at": at}
    return len(_change(elsewhere, change))


@transaction.atomic
def hand_over_cards(
    *, prospect_ids: Collection[int], owner_id: int | None, at: datetime, are_told: bool = True
) -> int:
    """Give cards to a colleague, who is told, or to nobody. Returns how many changed hands.

    :param are_told: False: they are some of more, of all of which the caller tells.
    """
    others = _lock(prospect_ids).exclude(owner_id=owner_id)
    ids = _change(others, {"owner_id": owner_id})
    if owner_id is not None and are_told:
        tell_owners(dict.fromkeys(ids, owner_id), at=at)
    return len(ids)


@transaction.atomic
def tag_cards(*, prospect_ids: Collection[int], campaign_id: int | None) -> int:
    """Note which campaign brought cards in, or that none did. Returns how many were changed."""
    others = _lock(prospect_ids).exclude(campaign_id=campaign_id)
    return len(_change(others, {"campaign_id": campaign_id}))


@transaction.atomic
def become_type_client(*, prospect_ids: Collection[int]) -> int:
    """Make clients of prospects: at their first recharge, shipment or won deal.

    Partners stay partners. Cards are locked, so whoever locks companies too does it afterwards.
    Returns how many were prospects.
    """
    return len(_change(_lock(prospect_ids).filter(type=PROSPECT), {"type": CLIENT}))


def _lock(prospect_ids: Collection[int]) -> Any:
    """Live cards, locked in one order so that two such changes cannot wait for each other."""
    return Prospect.objects.filter(pk__in=prospect_ids).select_for_update().order_by("pk")


def _change(cards: Any, change: dict[str, Any]) -> list[int]:
    """Change these cards; return their ids."""
    ids = list(cards.values_list("pk", flat=True))
    update_cards(dict.fromkeys(ids, change))
    return ids
