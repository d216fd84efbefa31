"""Conditions in words."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.users.models import User
from sales.conditions.fields import Field, Kind, find_field
from sales.conditions.operators import LABELS, Takes, takes
from sales.conditions.reading import Conditions
from sales.conditions.values import is_day


def say_conditions(conditions: Conditions) -> list[str]:
    """Return each condition as people read it; all of them hold."""
    names = dict(User.objects.values_list("pk", "name")) if _asks_owner(conditions) else {}
    return [_said(each, names) for each in conditions]


def _asks_owner(conditions: Conditions) -> bool:
    return '"owner_id"' in json.dumps(conditions)


def _said(condition: dict[str, Any], names: dict[int, str]) -> str:
    for group, word in (("any", _("or")), ("all", _("and"))):
        if group in condition:
            inner = f" {word} ".join(_said(each, names) for each in condition[group])
            return f"({inner})"
    field = find_field(condition["field"])
    label = str(field.label) if field else condition["field"]
    operator, value = condition["operator"], condition["value"]
    words = f"{label} {LABELS[operator]}"
    if field is None or takes(operator) is Takes.NOTHING:
        return words
    if takes(operator) is Takes.DAYS:
        return f"{words}: {value}"
    values = value if isinstance(value, list) else [value]
    return f"{words} {', '.join(_value(field, each, names) for each in values)}"


def _value(field: Field, value: Any, names: dict[int, str]) -> str:
    if field.kind is Kind.CHOICE:
        return str(dict(field.choices).get(value, value))
    if field.name == "owner_id":
        return names.get(value, str(value))
    if field.kind is Kind.MOMENT:
        return _moment(value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)


def _moment(value: str) -> str:
    if is_day(value):
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return date_format(localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
