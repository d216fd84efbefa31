"""The forms of the back office about documents and payments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.users.models import User
from core.back_office import BackOfficeForm
from core.back_office_money import AmountField, CurrencyForm
from core.emails import LONGEST
from prospects.contacts.forms import line, read_email
from sales.contracts.models import Contract
from sales.invoices.models import Invoice
from sales.mailing.models import LONGEST_MESSAGE
from sales.payments.models import Payment
from sales.quotes.models import Quote

LEAST = Decimal("0.01")
LINKS = ("contact", "deal", "owner")
COMMON = (*LINKS, "title", "currency", "notes", "terms", "billing_address")


class DocumentForm(CurrencyForm):
    """What all documents have. The service writes: the row itself stays as it was read."""

    owner = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.filter(is_active=True, is_superuser=False).order_by("name", "pk"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields.get("owner")
        if owner is not None and self.instance.owner_id:
            theirs = User.objects.filter(pk=self.instance.owner_id)
            owner.queryset = (owner.queryset | theirs).distinct()

    def refuse_order(self, first: str, last: str, message: Any) -> None:
        """Refuse a last day before the first."""
        days = [self.cleaned_data.get(n, getattr(self.instance, n)) for n in (first, last)]
        if all(days) and days[1] < days[0]:
            self.add_error(last, message)

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the document; an empty currency stays as it is."""
        values = {name: self.cleaned_data[name] for name in self.fields}
        for name in LINKS:
            if name in values:
                row = values.pop(name)
                values[f"{name}_id"] = row and row.pk
        if not values.get("currency"):
            values.pop("currency", None)
        return values


class QuoteForm(DocumentForm):
    """A quote."""

    class Meta:
        model = Quote
        fields = (*COMMON, "valid_until")


class InvoiceForm(DocumentForm):
    """An invoice."""

    class Meta:
        model = Invoice
        fields = (*COMMON, "issued_at", "due_at")

    def clean(self) -> dict[str, Any]:
        if "due_at" in self.fields:
            self.refuse_order("issued_at", "due_at", _("Must not be before the day of issue."))
        return self.cleaned_data


class ContractForm(DocumentForm):
    """A contract."""

    value = AmountField(label=_("Value"), initial=0)

    class Meta:
        model = Contract
        fields = (*COMMON, "type", "value", "start_date", "end_date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].required = True

    def clean(self) -> dict[str, Any]:
        if "end_date" in self.fields:
            self.refuse_order("start_date", "end_date", _("Must not be before the start."))
        return self.cleaned_data


class SendForm(forms.Form):
    """To whom a document is mailed, and what is written with it."""

    to = line(_("Email"), LONGEST)
    message = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    def clean_to(self) -> str:
        return read_email(self.cleaned_data["to"])


class RejectForm(forms.Form):
    """Why a quote is not wanted."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=1000, widget=UnfoldAdminTextareaWidget
    )


class SignForm(forms.Form):
    """Who signs a contract, before whoever notes it."""

    name = forms.CharField(label=_("Signer"), max_length=255, widget=UnfoldAdminTextInputWidget)
    company = forms.CharField(
        label=_("Company"), required=False, max_length=255, widget=UnfoldAdminTextInputWidget
    )


def _amount(label: Any, most: Decimal) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=LEAST,
        max_value=most,
        max_digits=14,
        decimal_places=2,
        initial=most,
        widget=UnfoldAdminDecimalFieldWidget,
    )


class BillForm(forms.Form):
    """When the invoice of a quote is due."""

    due_at = forms.DateField(label=_("Due"), required=False, widget=UnfoldAdminDateWidget)


class RecordForm(forms.Form):
    """Money that came in for an invoice."""

    method = forms.ChoiceField(
        label=_("Method"),
        choices=Payment.Method.choices,
        initial=Payment.Method.TRANSFER,
        widget=UnfoldAdminSelectWidget,
    )
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=255, widget=UnfoldAdminTextInputWidget
    )
    paid_at = forms.SplitDateTimeField(
        label=_("Paid"),
        required=False,
        help_text=_("Empty: now."),
        widget=UnfoldAdminSplitDateTimeWidget,
    )
    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, due: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = _amount(_("Amount"), due)
        self.order_fields(["amount"])


class RefundForm(forms.Form):
    """Money of a payment that went back, and why."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args: Any, left: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = _amount(_("Amount"), left)
        self.order_fields(["amount"])


class PaymentForm(BackOfficeForm):
    """A payment that was noted wrongly, put right."""

    class Meta:
        model = Payment
        fields = ("amount", "method", "reference", "paid_at", "notes")
