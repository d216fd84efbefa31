"""The periods that the dashboard's buttons ask for."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from analytics.dashboard.filters import Filters


def months_before(day: date, months: int) -> date:
    """The same day some months earlier; the last of the month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def presets(today: date) -> Iterator[tuple[str, Filters]]:
    """Yield (name, filters) of each preset; the last day of all of them is today."""
    starts = {
        "last30": today - timedelta(days=30),
        "1m": today.replace(day=1),
        "3m": months_before(today, 3),
        "6m": months_before(today, 6),
    }
    for name, start in starts.items():
        yield name, Filters(start=start, end=today)
