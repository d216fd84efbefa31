"""The values of conditions, as they are sent and as they are kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Any

from core.moments import parse_date, parse_when
from core.values import InvalidValue, clean_text
from prospects.contacts.models import HIGHEST_SCORE
from sales.conditions.fields import Field, Kind
from sales.conditions.operators import Takes, takes
from sales.contacts.fields import plain_number

LONGEST_TEXT = 255
MOST_VALUES = 200
MOST_DAYS = 3650
_NOT_A_DIGIT = re.compile(r"[^0-9]+")
_DAY_ALONE = 10  # characters of 2026-03-15

_WITH_TEXT = ("contains", "not_contains", "starts_with")
_WITH_NUMBER = (">", ">=", "<", "<=")
_WITH_DAY = ("before", "after")


def read_value(field: Field, operator: str, value: Any, zone: tzinfo) -> Any:
    """Return what a condition compares with, as it is kept: JSON.

    :param zone: in which moments without an offset are meant.
    :raises InvalidValue: the field or operator needs something else.
    """
    taken = takes(operator)
    if taken is Takes.NOTHING:
        return None
    if taken is Takes.DAYS:
        return _days(value)
    read = _reader(field, operator, zone)
    if taken is Takes.ONE:
        return read(value)
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_VALUES:
        raise InvalidValue(f"must be a list of 1 to {MOST_VALUES} values")
    return [read(each) for each in value]


def _reader(field: Field, operator: str, zone: tzinfo) -> Callable[[Any], Any]:
    if field.kind is Kind.MOMENT:
        return lambda value: _moment(value, zone)
    if field.kind is Kind.CHOICE:
        return lambda value: _choice(value, field)
    if field.kind is Kind.CUSTOM:
        return _reader_of_custom(operator)
    return {Kind.TEXT: _text, Kind.PHONE: _digits, Kind.NUMBER: _score, Kind.ROW: _id}[field.kind]


def _reader_of_custom(operator: str) -> Callable[[Any], Any]:
    if operator in _WITH_TEXT:
        return _text
    if operator in _WITH_NUMBER:
        return _number
    return _day if operator in _WITH_DAY else _scalar


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidValue("must be a text")
    text = clean_text(value, LONGEST_TEXT)
    if not text:
        raise InvalidValue("cannot be blank; is_empty finds those who have none")
    return text


def _digits(value: Any) -> str:
    digits = _NOT_A_DIGIT.sub("", _text(value))
    if not digits:
        raise InvalidValue("must have digits")
    return digits


def _choice(value: Any, field: Field) -> str:
    known = [choice for choice, _label in field.choices]
    if not isinstance(value, str) or value not in known:
        raise InvalidValue(f"must be one of {', '.join(known)}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _score(value: Any) -> int:
    if not (_is_number(value) and 0 <= value <= HIGHEST_SCORE and value == int(value)):
        raise InvalidValue(f"must be a whole number from 0 to {HIGHEST_SCORE}")
    return int(value)


def _id(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise InvalidValue("must be an id")
    return value


def _number(value: Any) -> int | float:
    if not _is_number(value):
        raise InvalidValue("must be a number")
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise InvalidValue("must be a number")
    return plain_number(number)


def _scalar(value: Any) -> Any:
    """Of a custom field: a text, a number, true or false."""
    if isinstance(value, bool):
        return value
    if _is_number(value):
        return _number(value)
    if not isinstance(value, str):
        raise InvalidValue("must be a text, a number, true or false")
    return _text(value)


def _day(value: Any) -> str:
    return parse_date(value).isoformat()


def _moment(value: Any, zone: tzinfo) -> str:
    """A day as 2026-03-15, anything with a time in UTC."""
    if isinstance(value, str) and len(value.strip()) <= _DAY_ALONE:
        return _day(value)
    return parse_when(value, zone).astimezone(UTC).isoformat()


def _days(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DAYS:
        raise InvalidValue(f"must be a whole number of days from 1 to {MOST_DAYS}")
    return value


def is_day(kept: str) -> bool:
    """Whether what is kept of a moment is a day."""
    return len(kept) == _DAY_ALONE
