"""What came of a follow-up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.users.models import User
from core.seen import Seen
from prospects.followups.models import FollowUpNote
from prospects.followups.scheduling import reschedule_note
from prospects.followups.services import add_note


@transaction.atomic
def log_result(
    *,
    note_id: int,
    prospect_id: int,
    result: str,
    by: Any,
    at: datetime,
    action: str = FollowUpNote.Action.OTHER,
    next_at: datetime | None = None,
    seen_by: User | None = None,
    seen: Seen | None = None,
) -> None:
    """Settle a follow-up and write a note of what came of it, with the next one if there is one.

    :param result: "" settles it without a note, unless something is planned next.
    :param action: what was done.
    :param seen_by: who writes, as for lock_prospect.
    :param seen: columns of the follow-up as they saw them.
    :raises NotFound, NotAllowed: as reschedule_note.
    :raises Outdated: the follow-up is not as they saw it.
    """
    card: dict[str, Any] = {"prospect_id": prospect_id, "at": at, "seen_by": seen_by}
    reschedule_note(note_id=note_id, changes={"done_at": at}, seen=seen, **card)
    if result or next_at is not None:
        add_note(note=result, action=action, scheduled_at=next_at, by=by, **card)
