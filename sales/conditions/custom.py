"""Conditions on custom fields, whose values are texts, numbers, true, false or null.

The value that is compared with says which is meant. Numbers are those that were sent as numbers,
days are texts that begin with one, as 2026-03-15.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, F, FloatField, Func, JSONField, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Left
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
    Lookup,
    Regex,
)

from sales.conditions.clock import Clock
from sales.conditions.fields import CustomText
from sales.conditions.texts import OPPOSITES, text_condition

ORDERS: dict[str, type[Lookup]] = {
    ">": GreaterThan,
    ">=": GreaterThanOrEqual,
    "<": LessThan,
    "<=": LessThanOrEqual,
    "before": LessThan,
    "after": GreaterThan,
}
# Most people have none: they are told at once, and the index leaves them out.
KNOWN = ~Q(custom_fields=Value({}, JSONField()))
_DAY = r"^\d{4}-\d{2}-\d{2}"


class _JsonValue(CustomText):
    """The value of a custom field, as JSON."""

    arg_joiner = " -> "
    output_field: Any = JSONField()


class _Plainly(Func):
    """A text in the order of its characters' codes, in which days are in order."""

    template = '(%(expressions)s COLLATE "C")'
    arity = 1
    output_field = TextField()


def custom_condition(key: str, operator: str, value: Any, clock: Clock) -> Q:
    """Return a condition on a custom field."""
    if operator == "within_days":
        since = (clock.today - timedelta(days=value)).isoformat()
        return Q(GreaterThanOrEqual(_day(key), Value(since))) & Q(
            LessThanOrEqual(_day(key), Value(clock.today.isoformat()))
        )
    if operator in ("before", "after"):
        return Q(ORDERS[operator](_day(key), Value(value)))
    if operator in ORDERS:
        return Q(ORDERS[operator](_number(key), Value(float(value))))
    if operator in OPPOSITES:
        return ~custom_condition(key, OPPOSITES[operator], value, clock)
    if operator in ("=", "in"):
        return KNOWN & _equal(key, value if operator == "in" else [value])
    return KNOWN & text_condition(_text(key), operator, value)


def _equal(key: str, values: list[Any]) -> Q:
    texts = [value for value in values if isinstance(value, str)]
    condition = text_condition(_text(key), "in", texts) if texts else Q()
    for value in values:
        if not isinstance(value, str):
            condition |= Q(custom_fields__contains={key: value})
    return condition


def _text(key: str) -> Any:
    return Coalesce(CustomText(F("custom_fields"), Value(key)), Value("", TextField()))


def _number(key: str) -> Any:
    """The number of a custom field; null if it is none."""
    value = _JsonValue(F("custom_fields"), Value(key))
    kind = Func(value, function="jsonb_typeof", output_field=TextField())
    number = Cast(CustomText(F("custom_fields"), Value(key)), FloatField())
    return Case(When(Exact(kind, Value("number")), then=number))


def _day(key: str) -> Any:
    """The day with which the text of a custom field begins; null if it does with none."""
    text = CustomText(F("custom_fields"), Value(key))
    return _Plainly(Case(When(Q(Regex(text, _DAY)), then=Left(text, 10))))
