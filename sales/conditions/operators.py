"""How fields can be compared, by their kind, and what is compared with."""

from __future__ import annotations

from enum import Enum

from django.utils.translation import gettext_lazy as _

from sales.conditions.fields import Kind


class Takes(Enum):
    """What stands on the right of an operator."""

    ONE = "one"
    MANY = "many"
    DAYS = "days"
    NOTHING = "nothing"


TAKES = {
    "in": Takes.MANY,
    "not_in": Takes.MANY,
    "within_days": Takes.DAYS,
    "is_empty": Takes.NOTHING,
    "is_not_empty": Takes.NOTHING,
}
LABELS = {
    "=": _("is"),
    "!=": _("is not"),
    ">": _("is more than"),
    ">=": _("is at least"),
    "<": _("is less than"),
    "<=": _("is at most"),
    "in": _("is one of"),
    "not_in": _("is none of"),
    "contains": _("contains"),
    "not_contains": _("does not contain"),
    "starts_with": _("starts with"),
    "is_empty": _("is empty"),
    "is_not_empty": _("is not empty"),
    "before": _("is before"),
    "after": _("is after"),
    "within_days": _("was in the last days"),
}

_SAME = ("=", "!=")
_LISTED = ("in", "not_in")
_ORDERED = (">", ">=", "<", "<=")
_WITHIN = ("contains", "not_contains", "starts_with")
_EMPTY = ("is_empty", "is_not_empty")
_WHEN = ("before", "after", "within_days")
OPERATORS = {
    Kind.TEXT: (*_SAME, *_LISTED, *_WITHIN, *_EMPTY),
    Kind.PHONE: (*_SAME, *_WITHIN, *_EMPTY),
    Kind.CHOICE: (*_SAME, *_LISTED),
    Kind.NUMBER: (*_SAME, *_ORDERED, *_LISTED),
    Kind.ROW: (*_SAME, *_LISTED, *_EMPTY),
    Kind.MOMENT: (*_SAME, *_ORDERED, *_WHEN, *_EMPTY),
    Kind.CUSTOM: (*_SAME, *_ORDERED, *_LISTED, *_WITHIN, *_EMPTY, *_WHEN),
}


def takes(operator: str) -> Takes:
    """Return what an operator is given."""
    return TAKES.get(operator, Takes.ONE)
