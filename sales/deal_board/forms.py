"""What whoever moves a deal says beside where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from core.back_office_board_form import ColumnForm
from core.back_office_money import AmountField
from core.errors import InvalidInput


class OutcomeForm(forms.Form):
    """What a deal came to: both may be left out."""

    amount = AmountField(label=_("Amount"), required=False)
    lost_reason = forms.CharField(
        label=_("Reason of the loss"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget,
    )


class DealMoveForm(OutcomeForm, ColumnForm):
    """Where a deal goes, and what it came to."""

    field_order = ("column", "amount", "lost_reason")


def read_given(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was given as columns of a deal; what is empty stays as it is.

    :raises InvalidInput: it cannot be read; said in words.
    """
    form = OutcomeForm(given)
    if not form.is_valid():
        wrong = [(form.fields[name].label, form.errors[name]) for name in form.errors]
        raise InvalidInput(" ".join(f"{label}: {' '.join(map(str, es))}" for label, es in wrong))
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
