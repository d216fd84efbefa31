from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action

from core.back_office_filters import DateRangeFilter, DayRangeFilter
from sales.contracts.models import Contract
from sales.contracts.services import create_contract
from sales.desk.documents import StateFilter, day_column
from sales.desk.forms import BillForm, QuoteForm, RejectForm
from sales.desk.lines import LineInline
from sales.desk.priced import PricedAdmin
from sales.desk.tables import related_links
from sales.invoices.models import Invoice
from sales.invoices.services import create_invoice
from sales.quotes import states
from sales.quotes.models import Quote, QuoteItem
from sales.quotes.services import (
    ALWAYS,
    approve_quote,
    cancel_quote,
    create_quote,
    delete_quote,
    edit_quote,
    reject_quote,
    send_quote,
)
from sales.quotes.sheet import quote_pdf


class QuoteLines(LineInline):
    """The lines of a quote."""

    model = QuoteItem


@admin.register(Quote)
class QuoteAdmin(PricedAdmin):
    """The quotes that a user sees: written, sent, decided, made into invoices and contracts."""

    form = QuoteForm
    LINES = QuoteLines
    ALWAYS = ALWAYS
    EDIT, ANNOTATE = states.EDIT, states.RESCHEDULE
    CREATE, CHANGE = staticmethod(create_quote), staticmethod(edit_quote)
    DELETE, SEND = staticmethod(delete_quote), staticmethod(send_quote)
    CANCEL, render = staticmethod(cancel_quote), staticmethod(quote_pdf)
    MOVES = {
        "send": states.SEND,
        "approve": states.APPROVE,
        "reject": states.REJECT,
        "cancel": states.CANCEL,
        "bill": states.BILL,
        "contract": states.BILL,
    }
    FIELDS = (
        ("contact", "deal"),
        ("title", "owner"),
        ("currency", "valid_until"),
        ("notes", "terms"),
        "billing_address",
    )
    list_display = (
        *("shown_number", "shown_contact", "shown_state", "shown_total", "shown_valid", "owner"),
        "created",
    )
    list_filter = (
        StateFilter,
        ("owner", RelatedDropdownFilter),
        ("created_at", DayRangeFilter),
        ("valid_until", DateRangeFilter),
    )
    shown_valid = day_column("valid_until", _("valid until"))
    actions_detail = ("pdf", "send", "approve", "reject", "bill", "contract", "cancel")

    def has_bill_permission(self, request: Any, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("sales.add_invoice"))

    def has_contract_permission(self, request: Any, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("sales.add_contract"))

    @action(description=_("Approve"), url_path="approve", icon="thumb_up", permissions=["act"])
    def approve(self, request: Any, object_id: str) -> HttpResponse:
        return self.confirm(
            request,
            object_id,
            self.call(request, approve_quote),
            verb=_("Approve"),
            done=_("It is approved."),
            intro=_("The contact wants it."),
        )

    @action(description=_("Reject"), url_path="reject", icon="thumb_down", permissions=["act"])
    def reject(self, request: Any, object_id: str) -> HttpResponse:
        return self.confirm(
            request,
            object_id,
            self.call(request, reject_quote),
            verb=_("Reject"),
            done=_("It is rejected."),
            intro=_("The contact does not want it."),
            form_of=lambda data, quote: RejectForm(data),
        )

    @action(
        description=_("Make an invoice"),
        url_path="bill",
        icon="receipt_long",
        permissions=["bill"],
    )
    def bill(self, request: Any, object_id: str) -> HttpResponse:
        def make(quote: Quote, given: dict[str, Any]) -> str:
            who: Any = {"by": request.user, "at": timezone.now()}
            made = create_invoice(values=given, quote_id=quote.pk, **who)
            return reverse("admin:sales_invoice_change", args=(made.pk,))

        return self.confirm(
            request,
            object_id,
            make,
            verb=_("Make an invoice"),
            done=_("This invoice was made of the quote."),
            form_of=lambda data, quote: BillForm(data),
        )

    @action(
        description=_("Make a contract"),
        url_path="contract",
        icon="contract",
        permissions=["contract"],
    )
    def contract(self, request: Any, object_id: str) -> HttpResponse:
        def make(quote: Quote, given: dict[str, Any]) -> str:
            values = {} if quote.title else {"title": str(quote)}
            who: Any = {"by": request.user, "at": timezone.now()}
            made = create_contract(values=values, quote_id=quote.pk, **who)
            return reverse("admin:sales_contract_change", args=(made.pk,))

        return self.confirm(
            request,
            object_id,
            make,
            verb=_("Make a contract"),
            done=_("This contract was made of the quote."),
        )

    def shown_beside(self, request: Any, document: Any) -> dict[str, Any]:
        shown = super().shown_beside(request, document)
        if document is None:
            return shown
        made = [
            *Invoice.objects.visible_to(request.user).filter(quote=document),
            *Contract.objects.visible_to(request.user).filter(quote=document),
        ]
        return {**shown, "related": related_links(made)}
