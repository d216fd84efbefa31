"""Texts compared without case and accents: both sides go through the same function.

What is looked for within a text is looked for as it is: no character means more than itself.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Func, Q, Value
from django.db.models.lookups import Exact, In

from core.folding import Folded


class Holds(Func):
    """Whether one text is within another."""

    template = "strpos(%(expressions)s) > 0"
    arity = 2
    output_field = BooleanField()


class StartsWith(Func):
    """Whether one text is the start of another."""

    function = "starts_with"
    arity = 2
    output_field = BooleanField()


def text_condition(column: Any, operator: str, value: Any) -> Q:
    """Return a condition on an expression that is never null."""
    if operator in ("!=", "not_in", "not_contains", "is_empty"):
        return ~text_condition(column, OPPOSITES[operator], value)
    if operator == "is_not_empty":
        return ~Q(Exact(column, Value("")))
    if operator == "in":
        return Q(In(Folded(column), [Folded(Value(each)) for each in value]))
    compare = {"=": Exact, "contains": Holds, "starts_with": StartsWith}[operator]
    return Q(compare(Folded(column), Folded(Value(value))))


OPPOSITES = {"!=": "=", "not_in": "in", "not_contains": "contains", "is_empty": "is_not_empty"}
