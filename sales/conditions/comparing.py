"""One condition as an expression over contacts, by the kind of its field.

Who has no value is not equal to any, and does not contain any.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, Q
from django.db.models.functions import Concat

from sales.conditions.clock import Clock
from sales.conditions.custom import custom_condition
from sales.conditions.fields import Field, Kind
from sales.conditions.texts import OPPOSITES, text_condition
from sales.conditions.values import is_day

LOOKUPS = {"=": "exact", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "in": "in"}


def compare(field: Field, operator: str, value: Any, clock: Clock) -> Q:
    """Return a condition that was read (reading.py) as an expression over contacts."""
    if field.kind is Kind.CUSTOM:
        return custom_condition(field.column, operator, value, clock)
    if field.kind is Kind.MOMENT:
        return _moment(field.column, operator, value, clock)
    return _COMPARERS[field.kind](field, operator, value)


def _text(field: Field, operator: str, value: Any) -> Q:
    if operator in OPPOSITES:  # of a negation
        return text_condition(field.column, operator, value)
    # What is empty is in no index.
    filled = Q(**{f"{field.name}__gt": ""}) if field.is_sparse else Q()
    return filled & text_condition(field.column, operator, value)


def _phone(field: Field, operator: str, digits: Any) -> Q:
    """Digits of the number with or without its country's code."""
    if operator in ("!=", "not_contains", "is_empty"):
        return ~_phone(field, OPPOSITES[operator], digits)
    known = Q(phone__gt="")
    if operator == "is_not_empty":
        return known
    whole = Concat("phone_code", "phone", output_field=CharField())
    national = text_condition("phone", operator, digits)
    return known & (text_condition(whole, operator, digits) | national)


def _plain(field: Field, operator: str, value: Any) -> Q:
    if operator in OPPOSITES:
        return ~_plain(field, OPPOSITES[operator], value)
    return Q(**{f"{field.column}__{LOOKUPS[operator]}": value})


def _row(field: Field, operator: str, value: Any) -> Q:
    if operator in ("!=", "not_in", "is_not_empty"):
        return ~_row(field, _POSITIVE[operator], value)
    ids = value if isinstance(value, list) else [value]
    return _ROWS[field.name](ids if operator != "is_empty" else None)


def _owner(ids: list[int] | None) -> Q:
    """Their own or, where they have none, their card's; None: neither."""
    of_card = Q(owner__isnull=True)
    if ids is None:
        return of_card & Q(prospect__owner__isnull=True)
    return Q(owner__in=ids) | of_card & Q(prospect__owner__in=ids)


def _company(ids: list[int] | None) -> Q:
    """The company of their card; None: no company."""
    if ids is None:
        return Q(prospect__company__isnull=True)
    return Q(prospect__company__in=ids)


def _moment(column: str, operator: str, value: Any, clock: Clock) -> Q:
    """A day is its whole day in the tenant's time zone: after it is when it is over."""
    if operator == "is_empty":
        return Q(**{f"{column}__isnull": True})
    if operator == "is_not_empty":
        return Q(**{f"{column}__isnull": False})
    if operator == "within_days":
        since = clock.at - timedelta(days=value)
        return Q(**{f"{column}__gte": since, f"{column}__lte": clock.at})
    first, following = _span(value, clock)
    is_whole_day = first != following
    at_end = "lt" if is_whole_day else "lte"
    if operator in ("=", "!="):
        within = Q(**{f"{column}__gte": first, f"{column}__{at_end}": following})
        return within if operator == "=" else ~within
    if operator in ("after", ">"):
        return Q(**{f"{column}__{'gte' if is_whole_day else 'gt'}": following})
    if operator in ("before", "<"):
        return Q(**{f"{column}__lt": first})
    if operator == ">=":
        return Q(**{f"{column}__gte": first})
    return Q(**{f"{column}__{at_end}": following})


def _span(value: str, clock: Clock) -> tuple[datetime, datetime]:
    if is_day(value):
        return clock.span(date.fromisoformat(value))
    moment = datetime.fromisoformat(value)
    return moment, moment


_POSITIVE = {"!=": "=", "not_in": "in", "is_not_empty": "is_empty"}
_ROWS: dict[str, Callable[[list[int] | None], Q]] = {"owner_id": _owner, "company_id": _company}
_COMPARERS: dict[Kind, Callable[[Field, str, Any], Q]] = {
    Kind.TEXT: _text,
    Kind.PHONE: _phone,
    Kind.CHOICE: _plain,
    Kind.NUMBER: _plain,
    Kind.ROW: _row,
}
