"""Emails and phones as people type them into the back office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.tenants.models import Tenant
from core.back_office import BackOfficeForm
from core.emails import InvalidEmail, normalize_email
from core.phones import InvalidPhone, to_e164
from core.tenancy import current_tenant


def line(label: Any, max_length: int) -> forms.CharField:
    """Longer than the column: people write blanks, brackets and hyphens that are not kept."""
    widget = UnfoldAdminTextInputWidget
    return forms.CharField(label=label, max_length=max_length, required=False, widget=widget)


class ReachableForm(BackOfficeForm):
    """A form about somebody with an email and a phone: read as typed, kept in their one form."""

    phone_code = line(_("Phone code"), 8)
    phone = line(_("Phone"), 40)

    def clean_email(self) -> str:
        return read_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("phone") and "phone_code" in given:
            given["phone_code"], given["phone"] = read_phone(given["phone_code"], given["phone"])
        elif "phone" in given:
            given["phone_code"] = ""
        return given

    def columns(self) -> dict[str, Any]:
        """What was changed, or all of a new row, as columns. Code and number go together."""
        changed = set(self.changed_data if self.instance.pk else self.fields)
        if changed & {"phone", "phone_code"}:
            changed |= {"phone", "phone_code"}
        fields = [field for field in self.instance._meta.concrete_fields if field.name in changed]
        return {field.attname: getattr(self.instance, field.attname) for field in fields}


def read_email(text: str) -> str:
    """Return the address in its one form; nothing for nothing.

    :raises ValidationError: it is not an address.
    """
    try:
        return normalize_email(text) if text else ""
    except InvalidEmail as error:
        raise ValidationError(str(error)) from error


def read_phone(code: str, number: str) -> tuple[str, str]:
    """Return calling code and national number; without a code the tenant's country counts.

    :raises ValidationError: it is not a phone number; beside the field `phone`.
    """
    tenant = Tenant.objects.get(pk=current_tenant() or 0)
    try:
        phone = to_e164(code or None, number, tenant.country_code)
    except InvalidPhone as error:
        raise ValidationError({"phone": str(error)}) from error
    return phone.code, phone.national
