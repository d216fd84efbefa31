"""Telling users that something which they are to do is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.notifications.services import Notice, notify_users
from sales.activities.models import Activity

AT_ONCE = 500
# Nobody is told of what was due longer ago: that was loaded from elsewhere.
OLDEST = timedelta(days=7)


@transaction.atomic
def remind_due(*, at: datetime) -> int:
    """Tell users which of their activities have come due, each time of one once.

    Returns how many were looked at; up to 500 at a time.
    """
    due = Activity.objects.to_remind(at).select_for_update(of=("self",), skip_locked=True)
    activities = list(due.select_related("contact", "deal", "company")[:AT_ONCE])
    notify_users(notice for each in activities if (notice := _notice(each, at)) is not None)
    told = Activity.objects.filter(pk__in=[each.pk for each in activities])
    told.update(reminded_for=F("due_at"))
    return len(activities)


def _notice(activity: Activity, at: datetime) -> Notice | None:
    about = activity.contact or activity.deal or activity.company
    is_gone = about is not None and about.deleted_at is not None
    due_at = activity.due_at
    if activity.user_id is None or due_at is None or is_gone or due_at < at - OLDEST:
        return None
    return Notice(
        user_id=activity.user_id,
        type="activity_due",
        key=f"activity_due:{activity.pk}:{due_at.isoformat()}",
        title=_("Activity due"),
        body=format_lazy("{}: {}", Activity.Type(activity.type).label, activity.subject),
        url=f"/activities/{activity.pk}",
    )
