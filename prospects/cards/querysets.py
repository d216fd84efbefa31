from __future__ import annotations

from typing import Any

from prospects.cards.timeline import LATEST_NOTES
from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import Prospect

LATEST = 10  # recharges and shipments that a card's page shows


def notes_of(card: Prospect) -> Any:
    """The latest notes of a card, newest first."""
    notes = FollowUpNote.objects.filter(prospect_id=card.pk).latest_first()
    return notes.select_related("category", "created_by")[:LATEST_NOTES]


def company_of(card: Prospect) -> Any:
    """The company that a card has become, or None; by the relation's name, never imported."""
    company: Any = getattr(card, "company", None)
    return None if company is None or company.deleted_at is not None else company


def account_of(card: Prospect) -> dict[str, Any]:
    """Return the company of a card with its latest recharges and shipments; {} without one."""
    company = company_of(card)
    if company is None:
        return {}
    return {
        "company": company,
        "recharges": company.recharges.order_by("-paid_at", "-pk")[:LATEST],
        "shipments": company.shipments.order_by("-shipped_at", "-pk")[:LATEST],
    }
