"""The calendar as its template shows it: days with what stands on them, and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.users.models import User
from core.rights import ALL_PROSPECTS
from crm_project.back_office.calendar.asked import DAY, MINE, MONTH, TEAM, WEEK, Asked
from crm_project.back_office.calendar.finding import SHOWN, read_days
from crm_project.back_office.calendar.items import Item
from crm_project.back_office.calendar.kinds import NAMES

SPAN_NAMES = {MONTH: gettext_lazy("Month"), WEEK: gettext_lazy("Week"), DAY: gettext_lazy("Day")}
MORNING, EVENING = 8, 19  # hours that are shown whether something stands in them or not


@dataclass(frozen=True)
class Day:
    """A day of the calendar."""

    date: date
    items: list[Item]
    total: int
    before: int  # of them, on earlier parts of the page
    is_today: bool
    is_beside: bool  # of the month before or after
    link: str

    @property
    def more(self) -> int:
        """How many are not shown, nor on an earlier part."""
        return self.total - self.before - len(self.items)

    def slots(self, hours: Sequence[int]) -> list[tuple[Any, list[Item]]]:
        """What has no hour, and then what stands in each hour."""
        found: dict[Any, list[Item]] = {"": [], **{hour: [] for hour in hours}}
        for item in self.items:
            found[item.local.hour if item.has_hour else ""].append(item)
        return list(found.items())


def colleagues_of(user: Any) -> dict[int, str]:
    """Whose calendars a user may look at beside their own: who sees every card, everybody's."""
    if not user.has_perm(ALL_PROSPECTS):
        return {}
    people = User.objects.active().filter(is_superuser=False).exclude(pk=user.pk)
    return {each.pk: str(each) for each in people.order_by("name", "pk")}


def read_calendar(user: Any, asked: Asked) -> list[Day]:
    """Return the days that are asked for."""
    today = timezone.localdate()
    shown, totals = read_days(user, asked)
    before = SHOWN[asked.span] * (asked.part - 1)
    return [
        Day(
            date=day,
            items=shown[number],
            total=totals.get(number, 0),
            before=before if number in totals else 0,
            is_today=day == today,
            is_beside=asked.span == MONTH and day.month != asked.day.month,
            link=asked.query(span=DAY, day=day),
        )
        for number, day in enumerate(asked.days)
    ]


def hours_of(asked: Asked, days: list[Day]) -> list[int]:
    """The hours that a week or a day shows."""
    if asked.span == MONTH:
        return []
    used = [item.local.hour for day in days for item in day.items if item.has_hour]
    return list(range(min([MORNING, *used]), max([EVENING, *used]) + 1))


def title_of(asked: Asked) -> str:
    """Which days these are."""
    if asked.span == MONTH:
        return date_format(asked.day, "F Y")
    if asked.span == DAY:
        return date_format(asked.day, "l j F Y")
    last = asked.first + timedelta(days=6)
    named = {"first": date_format(asked.first, "j M"), "last": date_format(last, "j M Y")}
    return _("%(first)s to %(last)s") % named


def links_of(user: Any, asked: Asked) -> dict[str, Any]:
    """Where one goes from here: what each link is called, whether one is there, its address."""
    sees_all = user.has_perm(ALL_PROSPECTS)
    team = _("The team's") if sees_all else _("All that I see")
    whose = [(MINE, _("Mine")), (TEAM, team)]
    if user.tenant_id is None:  # an operator has none of their own
        del whose[0]
    kinds = [
        (NAMES[kind], kind in asked.kinds, asked.query(kinds=asked.toggled(kind)), kind)
        for kind in asked.offered
    ]
    return {
        "earlier": asked.query(day=asked.earlier),
        "now": asked.query(day=timezone.localdate()),
        "later": asked.query(day=asked.later),
        "spans": [
            (name, span == asked.span, asked.query(span=span)) for span, name in SPAN_NAMES.items()
        ],
        "whose": [(name, each == asked.whose, asked.query(whose=each)) for each, name in whose],
        "kinds": kinds if len(kinds) > 1 else [],
        "next_part": asked.query(part=asked.part + 1),
        "last_part": asked.query(part=asked.part - 1) if asked.part > 1 else "",
    }
