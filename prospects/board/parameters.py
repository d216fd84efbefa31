"""Query parameters of the CRM API, read once and strictly: what cannot be read is 400, by name."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from core.errors import InvalidInput

MAX_ID = 2**63 - 1
MAX_IDS = 500
MONTH = re.compile(r"(\d{4})-(\d{2})")


def whole_number(name: str, text: str, *, least: int = 0) -> int:
    """Read a number of at least `least`; more digits than a bigint has are no number.

    :raises InvalidInput: naming the parameter.
    """
    digits = text.strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 18
    if not is_number or int(digits) < least:
        raise InvalidInput.of(name, f"Must be a whole number from {least} on.")
    return int(digits)


def boolean(name: str, text: str) -> bool:
    """Read true/false or 1/0."""
    words = {"true": True, "1": True, "false": False, "0": False}
    if text.strip().lower() not in words:
        raise InvalidInput.of(name, "Must be true or false.")
    return words[text.strip().lower()]


def choice(name: str, text: str, choices: tuple[str, ...]) -> str:
    """Read one of a few words."""
    if text not in choices:
        raise InvalidInput.of(name, f"Must be one of {', '.join(choices)}.")
    return text


def ids(name: str, text: str) -> tuple[set[int], bool]:
    """Read one id or a comma-separated list. Returns (ids, whether "none assigned" is meant).

    `0` and `null` stand for "none assigned".
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    if len(words) > MAX_IDS:
        raise InvalidInput.of(name, f"At most {MAX_IDS} ids.")
    wanted = {0 if word == "null" else whole_number(name, word) for word in words}
    return wanted - {0}, 0 in wanted


def day(name: str, text: str) -> date:
    """Read YYYY-MM-DD (of a timestamp, its date)."""
    text = text.strip()
    try:
        found = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).date()
    except ValueError:
        raise InvalidInput.of(name, "Must be a date such as 2026-03-15.") from None
    if not 1900 <= found.year <= 2200:
        raise InvalidInput.of(name, "Must be a date from 1900 to 2200.")
    return found


def month(name: str, text: str) -> tuple[date, date]:
    """Read YYYY-MM as its first day and the first day of the next month."""
    match = MONTH.fullmatch(text.strip())
    if not match or not 1 <= int(match[2]) <= 12:
        raise InvalidInput.of(name, "Must be a month such as 2026-03.")
    first = day(name, f"{match[0]}-01")
    return first, (first + timedelta(days=31)).replace(day=1)


def days(start: tuple[str, str | None], end: tuple[str, str | None]) -> tuple[Any, Any]:
    """Read two days as (name, text); each may be absent. End before start is an error."""
    first = day(*start) if start[1] else None  # type: ignore[arg-type]
    latest = day(*end) if end[1] else None  # type: ignore[arg-type]
    if first and latest and latest < first:
        raise InvalidInput.of(end[0], f"Must not be before {start[0]}.")
    return first, latest


def midnight(of: date, zone: tzinfo) -> datetime:
    """Return the moment at which a day begins in a time zone."""
    return datetime.combine(of, time.min, tzinfo=zone)
