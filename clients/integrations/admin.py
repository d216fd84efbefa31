from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from unfold.admin import TabularInline

from clients.integrations.models import Integration
from clients.integrations.services import (
    add_integration,
    edit_integration,
    remove_integration,
)
from core.links import parse_link
from core.values import InvalidValue


class IntegrationForm(forms.ModelForm):
    """A shop; its address is one that may be clicked."""

    class Meta:
        model = Integration
        fields = ("platform", "name", "url", "status", "connected_at")

    def clean_url(self) -> str:
        try:
            return parse_link(self.cleaned_data["url"], 255)
        except InvalidValue as error:
            raise ValidationError(f"{capfirst(str(error))}.") from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("status") == Integration.Status.CONNECTED and not given.get("connected_at"):
            given["connected_at"] = timezone.now()
        return given


class IntegrationFormSet(forms.BaseInlineFormSet):
    """The shops of a company, written by the services. The page has locked the company before."""

    def save_new(self, form: Any, commit: bool = True) -> Integration:
        return add_integration(company_id=self.instance.pk, values=_values(form), at=timezone.now())

    def save_existing(self, form: Any, obj: Integration, commit: bool = True) -> Integration:
        return edit_integration(integration_id=obj.pk, values=_values(form), at=timezone.now())

    def delete_existing(self, obj: Integration, commit: bool = True) -> None:
        remove_integration(integration_id=obj.pk)


def _values(form: Any) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in IntegrationForm.Meta.fields}


class IntegrationInline(TabularInline):
    """The shops on a company's page."""

    model = Integration
    form = IntegrationForm
    formset = IntegrationFormSet
    fields = IntegrationForm.Meta.fields
    extra = 0
    tab = True

    # An integration is part of its client: who may change the client may add and change it.
    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.has_perm("clients.change_company"))

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.has_perm("clients.change_company"))
