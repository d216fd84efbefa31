from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min

from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import acting_author, edit_prospect


@transaction.atomic
def add_note(
    *,
    prospect_id: int,
    note: str,
    by: Any,
    at: datetime,
    action: str = FollowUpNote.Action.OTHER,
    category_id: int | None = None,
    scheduled_at: datetime | None = None,
) -> FollowUpNote:
    """Write a note on a card: it counts as contact, and settles follow-ups that were missed.

    With `category_id` the card moves, in the same transaction; with `scheduled_at` the next
    contact is planned.

    :raises NotFound: there is no such live card.
    """
    changes: dict[str, Any] = {} if category_id is None else {"category_id": category_id}
    card = edit_prospect(prospect_id=prospect_id, changes=changes, at=at)
    written = FollowUpNote.objects.create(
        prospect=card,
        action=action,
        note=note,
        category_id=category_id,
        scheduled_at=scheduled_at,
        created_by=acting_author(by),
        created_at=at,
    )
    settle_missed(prospect_id=card.pk, before=at, but=written)
    note_contact(card=card, at=at)
    return written


def settle_missed(*, prospect_id: int, before: datetime, but: FollowUpNote) -> None:
    """Mark as done the follow-ups of a card that were due: somebody has been in touch since."""
    due = FollowUpNote.objects.unsettled(prospect_id).filter(scheduled_at__lte=before)
    due.exclude(pk=but.pk).update(done_at=before)


def note_contact(*, card: Prospect, at: datetime) -> None:
    """Keep a card's first, latest and next contact after a note of `at`."""
    card.first_contact_at = min(card.first_contact_at or at, at)
    card.last_contact_at = max(card.last_contact_at or at, at)
    unsettled = FollowUpNote.objects.unsettled(card.pk)
    card.next_contact_at = unsettled.aggregate(next=Min("scheduled_at"))["next"]
    card.save(update_fields=["first_contact_at", "last_contact_at", "next_contact_at"])
