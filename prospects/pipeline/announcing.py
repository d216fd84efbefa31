"""What tenants' own systems are told about cards."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F

from accounts.webhooks.outbox import emit
from prospects.contacts.announcing import primaries_data
from prospects.pipeline.models import Prospect


def on_prospects_created(*, prospect_ids: list[int], **_: Any) -> None:
    """Receiver of `prospects_created`: the cards are new, and so are their people."""
    emit(
        {
            "prospect.created": lambda: card_data(prospect_ids),
            "contact.created": lambda: primaries_data(prospect_ids),
        }
    )


def tell_moved(prospect_ids: Collection[int]) -> None:
    """Tell that cards are in another category, in the transaction that puts them there."""
    if prospect_ids:
        emit({"prospect.moved": lambda: card_data(prospect_ids)})


def card_data(prospect_ids: Collection[int]) -> list[dict[str, Any]]:
    """Return what is told about cards, with the names of the CRM API."""
    cards = Prospect.objects.filter(pk__in=prospect_ids).order_by("pk")
    plain = ("id", "type", "company_name", "name", "email", "phone_code", "phone", "external_id")
    return list(
        cards.values(
            *plain,
            "created_at",
            "updated_at",
            follow_up_id=F("category_id"),
            follow_name=F("category__name"),
            created_by=F("owner_id"),
        )
    )
