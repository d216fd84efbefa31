"""A week or a day of activities and events, as the back office shows it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.back_office_filters import midnight, read_day
from sales.activities.models import Activity
from sales.events.models import Event

WEEK, DAY = "week", "day"
MINE = "mine"
MOST = 500  # in one page


@dataclass(frozen=True)
class Day:
    """What is planned on one day."""

    date: date
    events: list[Event]
    activities: list[Activity]


@dataclass(frozen=True)
class Page:
    """Some days of the calendar."""

    days: list[Day]
    span: str
    is_mine: bool
    today: date
    earlier: date
    later: date
    is_cut: bool


def read_page(user: Any, query: Any) -> Page:
    """Return the days that a query asks for: `day`, `span` (week or day), `whose` (mine).

    What cannot be read stands for today, a week, everybody's whom the user sees.
    """
    today = timezone.localdate()
    span = DAY if query.get("span") == DAY else WEEK
    day = read_day(query.get("day")) or today
    day = min(max(day, date(1900, 1, 8)), date(2200, 1, 1))
    first = day if span == DAY else day - timedelta(days=day.weekday())
    length = timedelta(days=1 if span == DAY else 7)
    is_mine = query.get("whose") == MINE
    found = _planned(user, first, first + length, is_mine=is_mine)
    events = _events(user, first, first + length, is_mine=is_mine)
    days = [first + timedelta(days=number) for number in range(length.days)]
    return Page(
        days=[Day(each, events[each], found[each]) for each in days],
        span=span,
        is_mine=is_mine,
        today=today,
        earlier=first - length,
        later=first + length,
        is_cut=any(sum(map(len, each.values())) >= MOST for each in (found, events)),
    )


def links_of(page: Page) -> dict[str, Any]:
    """Return where one goes from a page: other days, another span, somebody else's."""
    first = page.days[0].date
    kept = {"span": page.span, **({"whose": MINE} if page.is_mine else {})}
    choices = (
        (_("Week"), page.span == WEEK, {"span": WEEK}),
        (_("Day"), page.span == DAY, {"span": DAY}),
        (_("Mine"), page.is_mine, {"whose": MINE}),
        (_("Everybody's"), not page.is_mine, {"whose": "all"}),
    )
    return {
        "earlier": urlencode({"day": page.earlier.isoformat(), **kept}),
        "now": urlencode(kept),
        "later": urlencode({"day": page.later.isoformat(), **kept}),
        "links": [
            (label, is_on, urlencode({"day": first.isoformat(), **kept, **other}))
            for label, is_on, other in choices
        ],
    }


def _planned(user: Any, since: date, until: date, *, is_mine: bool) -> dict[date, list[Activity]]:
    activities = Activity.objects.visible_to(user)
    if is_mine:
        activities = activities.filter(user_id=user.pk)
    due = activities.due_between(midnight(since), midnight(until))
    found: dict[date, list[Activity]] = defaultdict(list)
    for activity in due.select_related("user", "contact", "deal", "company__prospect")[:MOST]:
        found[timezone.localdate(activity.due_at)].append(activity)
    return found


def _events(user: Any, since: date, until: date, *, is_mine: bool) -> dict[date, list[Event]]:
    """Events by the day on which they begin; those of somebody are held by them, or they come."""
    found: dict[date, list[Event]] = defaultdict(list)
    if not user.has_perm("sales.view_event"):
        return found
    events = Event.objects.beginning(midnight(since), midnight(until))
    if is_mine:
        events = events.of_colleague(user.pk)
    for event in events[:MOST]:
        found[timezone.localdate(event.start_at)].append(event)
    return found
