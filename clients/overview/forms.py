"""The forms of the back office about clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.tenants.models import Tenant
from accounts.users.models import User
from clients.companies.details import read_domain, read_switchboard, read_tax_id
from clients.companies.models import Company
from clients.companies.serializers import DetailsSerializer
from clients.integrations.models import Integration
from clients.onboarding.models import Onboarding
from clients.onboarding.steps import LABELS, NOTED, Facts, is_shown, steps_of
from core.back_office import BackOfficeForm
from core.tenancy import current_tenant
from prospects.contacts.forms import read_email

DETAILS = tuple(DetailsSerializer().fields)


def read_as(read: Callable[[Any], str], text: str) -> str:
    """Return what a text says, in its one form.

    :raises ValidationError: it cannot be read.
    """
    try:
        return read(text)
    except ValueError as error:
        raise ValidationError(f"{capfirst(str(error))}.") from error


class CompanyForm(BackOfficeForm):
    """A company, with what its card is called and who looks after it."""

    name = forms.CharField(label=_("Name"), max_length=255, widget=UnfoldAdminTextInputWidget)
    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.filter(is_active=True, is_superuser=False).order_by("name", "pk"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = Company
        fields = DETAILS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "owner" in self.fields:
            card = self.instance.prospect
            self.initial = {**self.initial, "name": str(card), "owner": card.owner_id}
            everybody = User.objects.filter(pk=card.owner_id)
            field: Any = self.fields["owner"]
            field.queryset = (field.queryset | everybody).distinct()

    def clean_domain(self) -> str:
        return read_as(read_domain, self.cleaned_data["domain"])

    def clean_tax_id(self) -> str:
        return read_as(read_tax_id, self.cleaned_data["tax_id"])

    def clean_email(self) -> str:
        return read_email(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        region = Tenant.objects.get(pk=current_tenant() or 0).country_code
        return read_as(lambda text: read_switchboard(text, region), self.cleaned_data["phone"])

    def details(self) -> dict[str, Any]:
        """What was changed, or all of a new one, as columns of the company."""
        return {name: self.cleaned_data[name] for name in self._given() if name in DETAILS}

    def card(self) -> dict[str, Any]:
        """What was changed, or all of a new one, as columns of the card."""
        given, columns = self._given(), {}
        if "name" in given:
            columns["company_name"] = self.cleaned_data["name"]
        if "owner" in given:
            owner = self.cleaned_data["owner"]
            columns["owner_id"] = owner.pk if owner else None
        return columns

    def _given(self) -> list[str]:
        return list(self.changed_data if self.instance.pk else self.fields)


class OnboardingForm(forms.Form):
    """The steps that a client has taken; what the data show cannot be switched."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("As the steps say")), *Onboarding.Status.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, data: Any, *, facts: Facts) -> None:
        super().__init__(data, initial={"status": facts["status"] or ""})
        for step in steps_of(facts):
            key = step["key"]
            self.fields[key] = forms.BooleanField(
                label=LABELS[key],
                initial=step["done"],
                required=False,
                disabled=key not in NOTED or is_shown(key, facts),
                widget=UnfoldBooleanSwitchWidget,
            )

    def noted(self) -> dict[str, Any]:
        """What was filled in, as note_onboarding takes it."""
        switched = [key for key in LABELS if not self.fields[key].disabled]
        steps = {key: self.cleaned_data[key] for key in switched}
        return {"steps": steps, "status": self.cleaned_data["status"]}


class BecomeClientForm(forms.Form):
    """What the client is called, or whose client the prospect is already."""

    company_name = forms.CharField(
        label=_("Company"), max_length=255, required=False, widget=UnfoldAdminTextInputWidget
    )
    tax_id = forms.CharField(
        label=_("Tax id (RFC)"), max_length=100, required=False, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, data: Any, *, user: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["company"] = forms.ModelChoiceField(
            label=_("Is a client already"),
            help_text=_("All that hangs on this prospect moves to the client's card."),
            queryset=Company.objects.visible_to(user),
            required=False,
            widget=AutocompleteSelect(Integration._meta.get_field("company"), admin.site),
        )

    def clean_tax_id(self) -> str:
        return read_as(read_tax_id, self.cleaned_data["tax_id"])
