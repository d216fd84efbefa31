from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.users.models import User
from prospects.followups.models import FollowUpNote
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import acting_author, change_locked

DATES = ("first_contact_at", "last_contact_at", "next_contact_at")
COLUMNS = (
    *("tenant_id", "prospect_id", "contact_id", "action", "note", "category_id", "scheduled_at"),
    *("is_pinned", "created_by_id", "created_at"),
)
INSERT = f"""
    INSERT INTO prospects_followupnote ({", ".join(COLUMNS)})
    VALUES ({", ".join(["%s"] * len(COLUMNS))}) RETURNING id
"""


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
    contact_id: int | None = None,
    is_pinned: bool = False,
    seen_by: User | None = None,
) -> FollowUpNote:
    """Write a note on a card: it counts as contact, and settles follow-ups that were missed.

    With `category_id` the card moves too; with `scheduled_at` the next contact is planned.

    :param contact_id: the person of this card that it is about (scheduling.add_contact_note).
    :param seen_by: who writes, as for lock_prospect.
    :raises NotFound: there is no such live card, or they may not see it.
    :raises NotAllowed: they may only look at it.
    """
    card = lock_prospect(prospect_id, columns=(*DATES, "category_id"), seen_by=seen_by)
    written = FollowUpNote(
        tenant_id=card.tenant_id,
        prospect=card,
        contact_id=contact_id,
        action=action,
        note=note,
        category_id=category_id,
        scheduled_at=scheduled_at,
        is_pinned=is_pinned,
        created_by=acting_author(by),
        created_at=at,
    )
    _insert(written)
    changes = contact_dates(card, written)
    if category_id is not None:
        changes["category_id"] = category_id
    change_locked(card, changes, at=at)
    return written


def _insert(note: FollowUpNote) -> None:
    """Insert a new note of a card, without the ORM's time to put the statement together."""
    values = [getattr(note, name) for name in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)
        (note.pk,) = cursor.fetchone()


def contact_dates(card: Prospect, written: FollowUpNote) -> dict[str, Any]:
    """Return a card's first, latest and next contact after a note that was just written on it.

    Follow-ups that were due are settled: somebody has been in touch since.
    """
    at, next_contact_at = written.created_at, card.next_contact_at
    if next_contact_at is not None and next_contact_at <= at:
        next_contact_at = _settle_missed(card, written)
    planned = [moment for moment in (next_contact_at, written.scheduled_at) if moment]
    return {
        "first_contact_at": min(card.first_contact_at or at, at),
        "last_contact_at": max(card.last_contact_at or at, at),
        "next_contact_at": min(planned, default=None),
    }


def _settle_missed(card: Prospect, written: FollowUpNote) -> datetime | None:
    """Mark what was due as done; return the earliest follow-up that is still to come."""
    unsettled = FollowUpNote.objects.unsettled(card.pk).exclude(pk=written.pk)
    unsettled.filter(scheduled_at__lte=written.created_at).update(done_at=written.created_at)
    return unsettled.earliest_plan()
