from __future__ import annotations

from typing import Any

from prospects.cards.timeline import LATEST_NOTES
from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import Prospect


def notes_of(card: Prospect) -> Any:
    """The latest notes of a card, newest first."""
    notes = FollowUpNote.objects.filter(prospect_id=card.pk).latest_first()
    return notes.select_related("category", "created_by")[:LATEST_NOTES]
