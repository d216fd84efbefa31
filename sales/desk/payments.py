from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.back_office import BackOfficeAdmin, short_day
from core.back_office_filters import DayRangeFilter
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern
from sales.desk.documents import ROOMY
from sales.desk.forms import PaymentForm, RefundForm
from sales.desk.one import OneOfSales
from sales.desk.tables import link
from sales.desk.wording import worded
from sales.documents.sheets import amount_text
from sales.invoices.models import Invoice
from sales.payments.models import Payment
from sales.payments.services import delete_payment, edit_payment, refund_payment

COLORS = {"completed": "success", "refunded": "warning"}
TYPED = ("amount", "method", "reference", "paid_at", "notes")
KNOWN = (
    "shown_invoice",
    "shown_contact",
    "status",
    "shown_refund",
    "refund_reason",
    "shown_amount",
)


@admin.register(Payment)
class PaymentAdmin(OneOfSales, BackOfficeAdmin):
    """The payments of the invoices that a user sees; they are noted on the invoice's page."""

    form = PaymentForm
    list_display = (
        *("paid", "shown_invoice", "shown_contact", "shown_amount", "shown_refund"),
        *("method", "shown_status", "reference"),
    )
    list_select_related = ("invoice", "contact__prospect")
    list_filter = ("status", "method", ("paid_at", DayRangeFilter))
    list_fullwidth = True
    ordering = ("-pk",)
    search_fields = ("reference",)  # get_search_results looks
    search_help_text = _("Person, company, email or phone")
    actions: Any = None
    actions_detail = ("refund",)
    change_form_outer_before_template = "prospects/quick_actions.html"
    formfield_overrides: Any = ROOMY
    readonly_fields = KNOWN

    # Who sees and does what ------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        payments = super().get_queryset(request).visible_to(request.user)
        return payments.select_related(*self.list_select_related)

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        if not pattern:
            return queryset, False
        return queryset.filter(contact__in=Contact.objects.search(pattern).values("pk")), False

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_write(request, obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_write(request, obj)

    def get_fields(self, request: Any, obj: Payment | None = None) -> Any:
        amount = "shown_amount" if obj and obj.refunded_amount else "amount"
        return (
            ("shown_invoice", "shown_contact"),
            ("status", "shown_refund"),
            "refund_reason",
            (amount, "method"),
            ("reference", "paid_at"),
            "notes",
        )

    def get_actions_detail(self, request: Any, object_id: Any) -> Any:
        payment = self.row_of(request, object_id)
        if payment is not None and payment.status == Payment.Status.REFUNDED:
            return []
        return super().get_actions_detail(request, object_id)

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        context["quick_actions"] = context.pop("actions_detail", ())
        if obj is not None and obj.refunded_amount:
            context["show_delete"] = False
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: Payment, form: Any, change: bool) -> None:
        # What was not typed is not sent: the page shows a moment without its microseconds.
        values = {name: form.cleaned_data[name] for name in TYPED if name in form.changed_data}
        with worded(obj):
            edit_payment(payment_id=obj.pk, values=values, by=request.user, at=timezone.now())

    def delete_model(self, request: Any, obj: Payment) -> None:
        with worded(obj):
            delete_payment(payment_id=obj.pk, by=request.user, at=timezone.now())

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Nothing vanishes with a payment."""
        return [str(payment) for payment in objs], {}, set(), []

    @action(description=_("Refund"), url_path="refund", icon="undo", permissions=["act"])
    def refund(self, request: Any, object_id: str) -> HttpResponse:
        def note(payment: Payment, given: dict[str, Any]) -> None:
            refund_payment(payment_id=payment.pk, by=request.user, at=timezone.now(), **given)

        return self.confirm(
            request,
            object_id,
            note,
            verb=_("Refund"),
            done=_("The refund is noted."),
            intro=_("The invoice is owed that much again."),
            form_of=_refund_form,
        )

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("paid"), ordering="paid_at")
    def paid(self, payment: Payment) -> str:
        return short_day(payment.paid_at)

    @display(description=_("invoice"))
    def shown_invoice(self, payment: Payment) -> Any:
        return link("sales_invoice_change", payment.invoice_id, payment.invoice)

    @display(description=_("contact"))
    def shown_contact(self, payment: Payment) -> str:
        return str(payment.contact)

    @display(description=_("amount"), ordering="amount")
    def shown_amount(self, payment: Payment) -> str:
        return f"{amount_text(payment.amount, payment.currency)} {payment.currency}"

    @display(description=_("refunded"))
    def shown_refund(self, payment: Payment) -> str:
        refunded = payment.refunded_amount
        return amount_text(refunded, payment.currency) if refunded else "-"

    @display(description=_("status"), label=COLORS)
    def shown_status(self, payment: Payment) -> tuple[str, str]:
        return payment.status, payment.get_status_display()


def _may_write(request: Any, payment: Payment | None) -> bool:
    if payment is None:
        return True
    invoices = Invoice.objects.changeable_by(request.user)
    return bool(invoices.filter(pk=payment.invoice_id).exists())


def _refund_form(data: Any, payment: Payment) -> forms.Form:
    left = payment.amount - payment.refunded_amount
    return RefundForm(data, left=left) if left else forms.Form(data)
