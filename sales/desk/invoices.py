from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from core.back_office_filters import DateRangeFilter
from sales.desk.documents import StateFilter, day_column
from sales.desk.forms import InvoiceForm, RecordForm
from sales.desk.lines import LineInline
from sales.desk.priced import PricedAdmin
from sales.desk.statements import company_statement, contact_statement
from sales.desk.tables import payments_table, related_links
from sales.documents.sheets import amount_text
from sales.documents.states import Move
from sales.invoices import states
from sales.invoices.models import Invoice, InvoiceItem
from sales.invoices.services import (
    ALWAYS,
    cancel_invoice,
    create_invoice,
    delete_invoice,
    edit_invoice,
    send_invoice,
)
from sales.invoices.sheet import invoice_pdf
from sales.payments.models import Payment
from sales.payments.services import record_payment

OWED = Move("paid", (Invoice.Status.SENT, Invoice.Status.OVERDUE))


class InvoiceLines(LineInline):
    """The lines of an invoice."""

    model = InvoiceItem


@admin.register(Invoice)
class InvoiceAdmin(PricedAdmin):
    """The invoices that a user sees: written, sent, paid; the accounts of who owes them."""

    form = InvoiceForm
    LINES = InvoiceLines
    ALWAYS = ALWAYS
    EDIT, ANNOTATE = states.EDIT, states.RESCHEDULE
    CREATE, CHANGE = staticmethod(create_invoice), staticmethod(edit_invoice)
    DELETE, SEND = staticmethod(delete_invoice), staticmethod(send_invoice)
    CANCEL, render = staticmethod(cancel_invoice), staticmethod(invoice_pdf)
    MOVES = {"send": states.SEND, "pay": OWED, "cancel": states.CANCEL}
    FIELDS = (
        ("contact", "deal"),
        ("title", "owner"),
        ("issued_at", "due_at"),
        ("currency", "billing_address"),
        ("notes", "terms"),
    )
    list_display = (
        *("shown_number", "shown_contact", "shown_state", "shown_total", "shown_due"),
        *("shown_issue", "shown_due_day", "owner"),
    )
    list_filter = (
        StateFilter,
        ("owner", RelatedDropdownFilter),
        ("issued_at", DateRangeFilter),
        ("due_at", DateRangeFilter),
    )
    shown_issue = day_column("issued_at", _("issued"))
    shown_due_day = day_column("due_at", _("due"))
    actions_detail = ("pdf", "send", "pay", "cancel")

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path(
                "statement/contact/<id:pk>/",
                view(contact_statement),
                name="sales_contact_statement",
            ),
            path(
                "statement/company/<id:pk>/",
                view(company_statement),
                name="sales_company_statement",
            ),
            *super().get_urls(),
        ]

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        return {"issued_at": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def has_pay_permission(self, request: Any, object_id: Any = None) -> bool:
        may_add = request.user.has_perm("sales.add_payment")
        return may_add and self.has_act_permission(request, object_id)

    @action(
        description=_("Record a payment"),
        url_path="pay",
        icon="payments",
        permissions=["pay"],
    )
    def pay(self, request: Any, object_id: str) -> HttpResponse:
        def note(invoice: Invoice, given: dict[str, Any]) -> None:
            who: Any = {"by": request.user, "at": timezone.now()}
            record_payment(invoice_id=invoice.pk, values=given, **who)

        return self.confirm(
            request,
            object_id,
            note,
            verb=_("Record a payment"),
            done=_("The payment is noted."),
            form_of=lambda data, invoice: RecordForm(data, due=invoice.amount_still_due),
        )

    def shown_beside(self, request: Any, document: Any) -> dict[str, Any]:
        shown = super().shown_beside(request, document)
        if document is None:
            return shown
        payments = list(Payment.objects.filter(invoice=document).order_by("-pk"))
        if payments:
            shown["payments"] = payments_table(payments)
            paid = amount_text(document.amount_paid, document.currency)
            left = amount_text(document.amount_still_due, document.currency)
            shown["sums"] = [*shown["sums"], (_("Paid"), paid), (_("Amount due"), left)]
        return {**shown, "related": related_links([document.quote] if document.quote else [])}

    @display(description=_("amount due"))
    def shown_due(self, invoice: Invoice) -> str:
        is_owed = invoice.status == Invoice.Status.SENT
        return amount_text(invoice.amount_still_due, invoice.currency) if is_owed else "-"
