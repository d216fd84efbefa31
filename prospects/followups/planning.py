"""Follow-ups that are planned on a day of the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.users.models import User
from prospects.followups.models import FollowUpNote
from prospects.followups.services import add_note
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.services import acting_author


@transaction.atomic
def plan_follow_up(
    *,
    prospect_id: int,
    note: str,
    action: str,
    scheduled_at: datetime,
    by: Any,
    at: datetime,
    seen_by: User | None = None,
) -> FollowUpNote:
    """Plan a follow-up of a card. The same sent twice (a double click) is planned once.

    :param seen_by: who writes, as for lock_prospect.
    :raises NotFound, NotAllowed: as add_note.
    """
    lock_prospect(prospect_id, columns=(), seen_by=seen_by)
    said: dict[str, Any] = {"note": note, "action": action, "scheduled_at": scheduled_at}
    same = FollowUpNote.objects.unsettled(prospect_id).filter(created_by=acting_author(by), **said)
    return same.first() or add_note(prospect_id=prospect_id, **said, by=by, at=at, seen_by=seen_by)
