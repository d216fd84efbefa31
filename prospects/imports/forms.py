"""The forms of the back office about imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanSwitchWidget,
)

from core.errors import InvalidInput
from prospects.imports.headers import FIELDS, map_columns
from prospects.pipeline.models import Prospect

SKIPPED = ("", _("— not imported —"))
_COLUMN_OF = {"company": "company_name", "code": "phone_code"}
_SAMPLE = 60  # characters of a cell that are shown


class UploadForm(forms.Form):
    """A file, and how its rows are to be taken."""

    file = forms.FileField(
        label=_("File (CSV or Excel)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    is_update = forms.BooleanField(
        label=_("Update cards with the same external id"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )
    creates_users = forms.BooleanField(
        label=_("Create unknown owners, without a password"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, *args: Any, may_create_users: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_create_users:
            del self.fields["creates_users"]


class MappingForm(forms.Form):
    """What each column of the file holds."""

    def __init__(
        self,
        *args: Any,
        columns: Sequence[str],
        sample: Mapping[str, str],
        remembered: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        guessed = {**guess(columns, remembered), **remembered}
        for number, column in enumerate(columns):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column,
                choices=[SKIPPED, *field_choices()],
                initial=guessed.get(column, ""),
                required=False,
                widget=UnfoldAdminSelectWidget,
                help_text=sample.get(column, "")[:_SAMPLE],
            )

    def mapping(self) -> dict[str, str]:
        """{column: field}; nothing for a column that is not imported."""
        return {
            column: self.cleaned_data[f"column_{number}"]
            for number, column in enumerate(self.columns)
        }


def field_choices() -> list[tuple[str, str]]:
    """What a column can hold, in words."""
    labels = {
        name: capfirst(Prospect._meta.get_field(_COLUMN_OF.get(name, name)).verbose_name)  # type: ignore[union-attr]
        for name in FIELDS
    }
    return [(name, str(label)) for name, label in labels.items()]


def guess(columns: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """What the columns hold by their names: {column: field}."""
    try:
        filled = map_columns(columns, remembered, ())
    except InvalidInput:  # not a single one is known: a person will say
        return {}
    return {column: field for field, column in filled.items()}
