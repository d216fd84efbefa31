from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.letters import one_line
from sales.portal.models import LONGEST_REASON


class ReadForm(forms.Form):
    """Something is done about a document that was read: the hash says which."""

    read_sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)


class RejectForm(ReadForm):
    """Why a quote is not wanted."""

    reason = forms.CharField(
        label=_("Reason (optional)"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SignForm(ReadForm):
    """Who signs a contract."""

    client_name = forms.CharField(
        label=_("Your name"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    company_name = forms.CharField(
        label=_("Company (optional)"),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    is_agreed = forms.BooleanField(
        label=_("I have read the contract, I agree to it, and I sign it with my name.")
    )

    def clean_client_name(self) -> Any:
        name = one_line(self.cleaned_data["client_name"])
        if not name:
            raise forms.ValidationError(_("Type your name."))
        return name

    def clean_company_name(self) -> Any:
        return one_line(self.cleaned_data["company_name"])
