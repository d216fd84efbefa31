"""Forms that know what the page showed: what was only looked at is not sent back over what somebody
else has changed meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import to_current_timezone


class ShownMoment(forms.HiddenInput):
    """What a date and a time showed, in one field.

    In two fields it would be lost when the form is shown again: Django carries on only one.
    """

    def format_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return f"{to_current_timezone(value):%Y-%m-%d %H:%M:%S}"
        return " ".join(each or "" for each in value or ())

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        day, _blank, time = str(data.get(name) or "").partition(" ")
        return [day, time]


def remember_shown(form: forms.BaseForm) -> None:
    """Have each field say beside it what it showed: `changed_data` is what the user changed then,
    whatever the row holds when the form comes back."""
    for field in form.fields.values():
        field.show_hidden_initial = True
        if isinstance(field, forms.SplitDateTimeField):
            field.hidden_widget = ShownMoment
