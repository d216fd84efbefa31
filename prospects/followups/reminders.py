"""Telling users that a follow-up which they planned is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.notifications.services import Notice, notify_users
from prospects.followups.models import FollowUpNote
from prospects.pipeline.telling import path_of

AT_ONCE = 500
# Nobody is told of what was planned for longer ago: that is an import, not a reminder.
OLDEST = timedelta(days=7)
LONGEST_BODY = 200


@transaction.atomic
def remind_due(*, at: datetime) -> int:
    """Tell users which of their follow-ups have come due, each plan once.

    It is the owner of the card (or of a person without one) who is told, else who wrote the note.
    Returns how many notes were looked at; up to 500 at a time.
    """
    due = FollowUpNote.objects.to_remind(at).select_related("prospect", "contact")
    notes = list(due.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    notify_users(notice for note in notes if (notice := _notice(note, at)) is not None)
    told = FollowUpNote.objects.filter(pk__in=[note.pk for note in notes])
    told.update(reminded_for=F("scheduled_at"))
    return len(notes)


def _notice(note: Any, at: datetime) -> Notice | None:
    about = note.prospect or note.contact
    user_id = about.owner_id or note.created_by_id
    if user_id is None or about.deleted_at is not None or note.scheduled_at < at - OLDEST:
        return None
    return Notice(
        user_id=user_id,
        type="follow_up_due",
        key=f"follow_up_due:{note.pk}:{note.scheduled_at.isoformat()}",
        title=_("Follow-up due"),
        body=format_lazy("{}: {}", str(about), Truncator(note.note).chars(LONGEST_BODY)),
        url=path_of(note.prospect_id) if note.prospect_id else f"/contacts/{note.contact_id}",
    )
