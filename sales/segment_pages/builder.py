"""Conditions put together row by row: a field of the form, driven by the table of fields."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.users.models import User
from core.errors import InvalidInput
from sales.conditions.fields import CUSTOM, FIELDS, Field, Kind
from sales.conditions.operators import LABELS, OPERATORS, takes
from sales.conditions.reading import DEEPEST, Conditions, read_conditions
from sales.conditions.values import MOST_DAYS

LONGEST = 100_000  # characters of what a page sends


class ConditionsWidget(forms.Widget):
    """Rows of field, operator and value; what they say is sent as JSON."""

    class Media:
        css = {"all": ("sales/conditions.css",)}
        js = ("sales/conditions.js",)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = value if isinstance(value, str) else json.dumps(value or [])
        context = {"name": name, "value": shown, "table": known_fields()}
        return render_to_string("sales/conditions.html", context)


class ConditionsField(forms.Field):
    """Conditions, as they are kept."""

    widget = ConditionsWidget

    def to_python(self, value: Any) -> Conditions:
        """Read what the page sent.

        :raises ValidationError: a condition cannot be; it is told by its place.
        """
        try:
            return read_sent(value)
        except InvalidInput as refusal:
            raise ValidationError(say_refusal(refusal)) from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        return data is not None and json.dumps(initial or []) != data


def read_sent(text: Any) -> Conditions:
    """Return the conditions that a page sent as JSON.

    :raises InvalidInput: it is none, or one of them cannot be.
    """
    try:
        sent = json.loads(text or "[]") if len(text or "") <= LONGEST else None
    except (ValueError, RecursionError):
        sent = None
    return read_conditions(sent, timezone.get_current_timezone())


def say_refusal(refusal: InvalidInput) -> str:
    """Say which condition cannot be, as people count."""
    place = next(iter(refusal.fields or {}), "")
    numbers = [str(int(part) + 1) for part in place.split(".") if part.isdigit()]
    if not numbers:
        return _("There are too many conditions, or they cannot be read.")
    return _("Condition %(number)s is not complete, or its value does not fit.") % {
        "number": ".".join(numbers)
    }


def known_fields() -> dict[str, Any]:
    """What the rows offer: fields with their operators, and what each of these takes."""
    custom = Field(CUSTOM, _("Field of our own"), Kind.CUSTOM, "")
    return {
        "fields": [_shown(field) for field in (*FIELDS.values(), custom)],
        "operators": {
            name: {"label": str(label), "takes": takes(name).value}
            for name, label in LABELS.items()
        },
        "custom": CUSTOM,
        "deepest": DEEPEST,
        "most_days": MOST_DAYS,
        "words": {
            "add": _("Add a condition"),
            "add_any": _("Add a group of which one is enough"),
            "add_all": _("Add a group that must hold whole"),
            "all": _("All of these hold"),
            "any": _("At least one of these holds"),
            "remove": _("Remove"),
            "nobody": _("No conditions: everybody is in it."),
            "key": _("Name of the field"),
            "list": _("Separated by commas"),
            "value": _("Value"),
            "field": _("Field"),
            "operator": _("Comparison"),
            "days": _("days"),
        },
    }


def _shown(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": str(field.label),
        "kind": field.kind.value,
        "operators": OPERATORS[field.kind],
        "choices": _choices(field),
    }


def _choices(field: Field) -> list[tuple[Any, str]]:
    if field.name == "owner_id":
        people = User.objects.filter(is_superuser=False).order_by("name", "pk")
        return list(people.values_list("pk", "name"))
    return [(value, str(label)) for value, label in field.choices]
