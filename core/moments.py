"""Days and moments as people, exports and spreadsheets write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from core.values import InvalidValue

FIRST_YEAR, LAST_YEAR = 1900, 2200
_LONGEST = 64

# Spreadsheets in Spanish put a no-break space into "p. m.".
_PLAIN_SPACES = str.maketrans("\u00a0\u202f", "  ")
_WRITTEN = re.compile(
    r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:(?:T|,?\s+)(\d{1,2}:.+))?", re.ASCII | re.IGNORECASE
)
# As programs write it: read at once, which a file of a million rows is glad of.
_ISO = re.compile(
    r"(?:19|20|21)\d\d-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?", re.ASCII
)
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"(?:\s*([ap])\.?\s?m\.?)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)


def parse_date(text: object) -> date:
    """The day in `text`: 2026-03-15, 15-03-2026, 15/3/2026 or 2026/03/15; a time is ignored.

    Day before month, as is written in Spanish. Years have four digits, from 1900 to 2200.
    Raises InvalidValue.
    """
    return _split(text)[0]


def parse_when(text: object, tz: tzinfo) -> datetime:
    """The moment in `text`: a day as in `parse_date`, alone (its midnight) or with a time.

    Times are 9:05, 09:05:30.123 or 9:05 p. m.; without Z or an offset they are read in `tz`.
    Raises InvalidValue.
    """
    if isinstance(text, str) and _ISO.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=tz)
        except ValueError:
            pass  # what is wrong with it is told below
    day, clock = _split(text)
    if not clock:
        return datetime(day.year, day.month, day.day, tzinfo=tz)
    match = _CLOCK.fullmatch(clock)
    if not match:
        raise InvalidValue("has a time that cannot be read")
    hour, minute, second, fraction, half, offset = match.groups()
    try:
        return datetime(
            day.year,
            day.month,
            day.day,
            _hour_of_day(int(hour), half),
            int(minute),
            int(second or 0),
            int((fraction or "")[:6].ljust(6, "0")),
            tzinfo=_offset(offset) if offset else tz,
        )
    except ValueError as error:
        raise InvalidValue("has a time that does not exist") from error


def _split(text: object) -> tuple[date, str]:
    """The day, and the time as it is written."""
    if not isinstance(text, str):
        raise InvalidValue("must be a date written as text")
    match = (
        _WRITTEN.fullmatch(text.translate(_PLAIN_SPACES).strip()) if len(text) <= _LONGEST else None
    )
    if not match:
        raise InvalidValue("must be a date such as 2026-03-15 or 15/03/2026")
    first, _, month, last, clock = match.groups()
    year, day = (first, last) if len(first) == 4 else (last, first)
    if len(year) != 4 or len(day) > 2:
        raise InvalidValue("must have a year of four digits")
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise InvalidValue(f"must be of a year from {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return date(int(year), int(month), int(day)), clock or ""
    except ValueError as error:
        raise InvalidValue("is a day that does not exist") from error


def _hour_of_day(hour: int, half: str | None) -> int:
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half in "pP" else 0)


def _offset(text: str) -> tzinfo:
    if text in "zZ":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError(text)
    distance = timedelta(hours=hours, minutes=minutes)
    return timezone(-distance if text[0] == "-" else distance)
