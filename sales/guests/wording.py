"""When an event is, in words."""

from __future__ import annotations

from datetime import tzinfo

from django.utils import timezone
from django.utils.formats import date_format

from sales.events.models import Event


def time_text(event: Event, zone: tzinfo) -> str:
    """Return from when to when it lasts, by the clocks of a time zone, which is named."""
    start, end = (timezone.localtime(each, zone) for each in (event.start_at, event.end_at))
    first, last = date_format(start, "DATE_FORMAT"), date_format(end, "DATE_FORMAT")
    times = [date_format(each, "H:i") for each in (start, end)]
    until = times[1] if first == last else f"{last}, {times[1]}"
    return f"{first}, {times[0]} – {until} ({start.tzname()}, {getattr(zone, 'key', zone)})"
