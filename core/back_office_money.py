"""Amounts and currencies in forms of the back office."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from core.back_office import BackOfficeForm
from core.currencies import parse_currency
from core.values import InvalidValue


class AmountField(forms.DecimalField):
    """An amount that is not below zero, as it is stored."""

    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminDecimalFieldWidget
        shape: Any = {"min_value": Decimal(0), "max_digits": 14, "decimal_places": 2}
        super().__init__(widget=widget, **shape, **options)


class CurrencyForm(BackOfficeForm):
    """A form with a currency; the service takes the tenant's for none."""

    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        help_text=_("Empty: that of the tenant."),
        widget=UnfoldAdminTextInputWidget,
    )

    def clean_currency(self) -> str:
        text = self.cleaned_data["currency"]
        try:
            return parse_currency(text) if text else ""
        except InvalidValue as error:
            raise forms.ValidationError(
                _("This is no currency of ISO 4217, such as MXN.")
            ) from error
