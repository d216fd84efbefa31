"""The form that moves a card where no script runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

Places = Sequence[tuple[int, str]]


class ColumnForm(forms.Form):
    """Into which column."""

    column = forms.ChoiceField(label=_("Move to"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        column: Any = self.fields["column"]
        column.choices = [(str(pk), name) for pk, name in places]
