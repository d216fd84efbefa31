"""Who the people in a segment are, drawn: by stage, by source, by the month they came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.back_office_charts import BAD, GOOD, PLAIN, WAITING, Panel, make_panel, make_series, shown
from core.folding import Folded
from prospects.contacts.models import LifecycleStage

MOST_SOURCES = 10
MONTHS = 12
COLORS = {
    LifecycleStage.LEAD: PLAIN,
    LifecycleStage.PROSPECT: WAITING,
    LifecycleStage.CUSTOMER: GOOD,
    LifecycleStage.EVANGELIST: "--chart-link",
    LifecycleStage.LOST: BAD,
}


def member_panels(people: Any, *, at: datetime) -> list[Panel]:
    """Return the charts of these contacts; one statement each."""
    people = people.order_by()
    return [_stages(people), _sources(people), _months(people, at)]


def _stages(people: Any) -> Panel:
    counted = people.values_list("lifecycle_stage").annotate(Count("pk"))
    counts = dict(counted)
    stages = [(stage, counts[stage]) for stage in LifecycleStage if stage in counts]
    labels = [str(stage.label) for stage, _count in stages]
    return _panel(
        "stages",
        _("By stage"),
        _("Stage"),
        labels,
        [count for _stage, count in stages],
        color=[COLORS[stage] for stage, _count in stages],
        kind="doughnut",
    )


def _sources(people: Any) -> Panel:
    """The most frequent ones; what is written in several ways is one."""
    counted = people.annotate(folded=Folded("source")).values("folded")
    rows = counted.annotate(label=Min("source"), count=Count("pk")).order_by("-count", "folded")
    most = list(rows[:MOST_SOURCES])
    labels = [row["label"] or str(_("No source")) for row in most]
    counts = [row["count"] for row in most]
    return _panel("sources", _("By source"), _("Source"), labels, counts)


def _months(people: Any, at: datetime) -> Panel:
    """Those of the last twelve months, empty ones included."""
    months = _last_months(timezone.localtime(at))
    recent = people.filter(created_at__gte=months[0])
    counted = recent.annotate(month=TruncMonth("created_at")).values_list("month")
    counts = dict(counted.annotate(Count("pk")))
    labels = [date_format(month, "M Y") for month in months]
    numbers = [counts.get(month, 0) for month in months]
    is_empty = not any(numbers)
    return _panel(
        "months",
        _("By the month in which they were created"),
        _("Month"),
        [] if is_empty else labels,
        [] if is_empty else numbers,
        is_upright=True,
        is_wide=True,
    )


def _last_months(now: datetime) -> list[datetime]:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    numbers = [first.year * 12 + first.month - 1 - back for back in reversed(range(MONTHS))]
    return [
        timezone.make_aware(datetime(number // 12, number % 12 + 1, 1), now.tzinfo)  # noqa: DTZ001
        for number in numbers
    ]


def _panel(
    name: str,
    title: str,
    what: str,
    labels: list[str],
    counts: list[int],
    *,
    color: Any = PLAIN,
    **chart: Any,
) -> Panel:
    rows = [[label, shown(count)] for label, count in zip(labels, counts, strict=True)]
    series = [make_series(_("People"), color, counts)]
    return make_panel(name, title, [what, _("People")], rows, labels=labels, series=series, **chart)
