"""What the address of the calendar asks for, and the addresses of its links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.http import urlencode

from core.back_office_filters import read_day
from core.rights import ALL_PROSPECTS

MONTH, WEEK, DAY = SPANS = ("month", "week", "day")
MINE, TEAM = "mine", "team"
FIRST_DAY, LAST_DAY = date(1900, 2, 1), date(2200, 12, 31)
MOST_PARTS = 1000


@dataclass(frozen=True)
class Asked:
    """Some days, of whom, and which kinds of things on them."""

    span: str
    day: date
    whose: str  # MINE, TEAM or a colleague's id
    kinds: tuple[str, ...]
    part: int  # of a day that holds more than one page shows; from 1
    offered: tuple[str, ...]  # every kind that may be asked for

    @property
    def first(self) -> date:
        """The first day that is shown; months begin with the Monday of their first week."""
        if self.span == DAY:
            return self.day
        day = self.day.replace(day=1) if self.span == MONTH else self.day
        return day - timedelta(days=day.weekday())

    @property
    def days(self) -> list[date]:
        """Every day that is shown."""
        return [self.first + timedelta(days=number) for number in range(self._length)]

    @property
    def _length(self) -> int:
        if self.span == MONTH:
            last = _next_month(self.day) - timedelta(days=1)
            return (last - self.first).days + 7 - last.weekday()
        return 7 if self.span == WEEK else 1

    @property
    def earlier(self) -> date:
        """A day of what lies before."""
        if self.span == MONTH:
            return (self.day.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.first - timedelta(days=self._length)

    @property
    def later(self) -> date:
        """A day of what comes after."""
        return _next_month(self.day) if self.span == MONTH else self.first + timedelta(self._length)

    def of(self, user: Any) -> int | None:
        """Whose things they are, by id; None: all that the user sees."""
        if self.whose == TEAM:
            return None
        return int(user.pk) if self.whose == MINE else int(self.whose)

    def query(self, **other: Any) -> str:
        """The address of this, with something else in it, behind the question mark."""
        asked = replace(self, **{"part": 1, **other})
        named = {"span": asked.span, "day": asked.day.isoformat(), "whose": asked.whose}
        if asked.kinds != asked.offered:
            named["kinds"] = ".".join(asked.kinds)
        if asked.part > 1:
            named["part"] = str(asked.part)
        return urlencode(named)

    def toggled(self, kind: str) -> tuple[str, ...]:
        """The kinds with one more, or one less; without the last one, all of them."""
        kept = tuple(each for each in self.offered if (each in self.kinds) != (each == kind))
        return kept or self.offered


def read_asked(
    user: Any, query: Mapping[str, str], *, colleagues: Iterable[int], offered: tuple[str, ...]
) -> Asked:
    """Read an address; what cannot be read, or may not be asked for, stands for the usual.

    Who sees everybody's cards starts with the team's, others with their own.

    :param colleagues: whose things may be asked for.
    """
    sees_all = user.has_perm(ALL_PROSPECTS)
    known = {MINE, TEAM, *map(str, colleagues)}
    whose = query.get("whose", "")
    kinds = query.get("kinds", "").split(".")
    part = query.get("part", "")
    day = read_day(query.get("day")) or timezone.localdate()
    return Asked(
        span=query.get("span") if query.get("span") in SPANS else MONTH,  # type: ignore[arg-type]
        day=min(max(day, FIRST_DAY), LAST_DAY),
        whose=whose if whose in known else TEAM if sees_all else MINE,
        kinds=tuple(each for each in offered if each in kinds) or offered,
        part=min(int(part), MOST_PARTS) if part.isascii() and part.isdecimal() else 1,
        offered=offered,
    )


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
