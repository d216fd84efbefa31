"""How many submissions came in each week."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.back_office_charts import BAD, GOOD, Panel, make_panel, make_series, shown
from sales.forms.models import FormSubmission

WEEKS = 26
State = FormSubmission.State


def weeks_panel(submissions: Any, *, at: datetime) -> Panel:
    """Return the chart of the last half year, in the time zone of whoever looks."""
    last = _monday(timezone.localdate(at))
    days = [last - timedelta(weeks=number) for number in reversed(range(WEEKS))]
    counts = _count(submissions, since=days[0])
    labels = [date_format(day, "SHORT_DATE_FORMAT") for day in days]
    accepted = [counts[State.ACCEPTED, day] for day in days]
    rejected = [counts[State.REJECTED, day] for day in days]
    rows = zip(labels, map(shown, accepted), map(shown, rejected), strict=True)
    return make_panel(
        "weeks",
        _("Submissions of each week"),
        [_("Week from"), State.ACCEPTED.label, State.REJECTED.label],
        [list(row) for row in rows] if any(counts.values()) else [],
        is_wide=True,
        is_upright=True,
        is_stacked=True,
        labels=labels,
        series=[
            make_series(State.ACCEPTED.label, GOOD, accepted),
            make_series(State.REJECTED.label, BAD, rejected),
        ],
    )


def _count(submissions: Any, *, since: date) -> Counter[tuple[str, date]]:
    zone = timezone.get_current_timezone()
    first = datetime(since.year, since.month, since.day, tzinfo=zone)
    weeks = submissions.filter(created_at__gte=first).order_by()
    weeks = weeks.values("state", week=TruncWeek("created_at")).annotate(count=Count("pk"))
    return Counter({(row["state"], row["week"].date()): row["count"] for row in weeks})


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
