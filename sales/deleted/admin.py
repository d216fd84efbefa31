from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.utils import timezone

from core.back_office_restoring import RestoringAdmin
from prospects.contacts.models import Contact
from prospects.pipeline.searching import search_pattern
from sales.contracts.services import restore_contract
from sales.deals.services import restore_deal
from sales.deleted.models import (
    DeletedContract,
    DeletedDeal,
    DeletedInvoice,
    DeletedPayment,
    DeletedQuote,
)
from sales.desk.wording import worded
from sales.invoices.services import restore_invoice
from sales.payments.services import restore_payment
from sales.quotes.services import restore_quote


class DeletedRows(RestoringAdmin):
    """Deleted rows of one kind."""

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        return (self.found(queryset, pattern) if pattern else queryset), False

    def found(self, rows: Any, pattern: str) -> Any:
        """The rows that a search is about; here by the person."""
        return rows.filter(contact__in=Contact.objects.search(pattern).values("pk"))


@admin.register(DeletedDeal)
class DeletedDealAdmin(DeletedRows):
    """The deals that were deleted."""

    delete_permission = "sales.delete_deal"
    list_display = ("name", "stage", "amount", "currency", "owner", "deleted_at")
    list_select_related = ("stage", "owner")
    search_fields = ("search_text",)
    fields = ("name", "amount", "currency", "stage", "owner", "created_at", "deleted_at")

    def found(self, rows: Any, pattern: str) -> Any:
        return rows.filter(search_text__like=pattern)

    def restore_row(self, pk: int) -> None:
        restore_deal(deal_id=pk, at=timezone.now())


class DeletedDocuments(DeletedRows):
    """The drafts of one kind that were deleted."""

    SUM: ClassVar[str] = "total"
    list_select_related = ("contact__prospect", "owner")
    search_fields = ("number",)  # get_search_results looks

    def get_list_display(self, request: Any) -> Any:
        return ("number_text", "title", "contact", self.SUM, "currency", "owner", "deleted_at")

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return (*self.get_list_display(request)[:-1], "notes", "created_at", "deleted_at")


@admin.register(DeletedQuote)
class DeletedQuoteAdmin(DeletedDocuments):
    """The quotes that were deleted as drafts."""

    delete_permission = "sales.delete_quote"

    def restore_row(self, pk: int) -> None:
        restore_quote(quote_id=pk)


@admin.register(DeletedInvoice)
class DeletedInvoiceAdmin(DeletedDocuments):
    """The invoices that were deleted as drafts."""

    delete_permission = "sales.delete_invoice"

    def restore_row(self, pk: int) -> None:
        with worded(DeletedInvoice(pk=pk)):
            restore_invoice(invoice_id=pk)


@admin.register(DeletedContract)
class DeletedContractAdmin(DeletedDocuments):
    """The contracts that were deleted as drafts."""

    SUM = "value"
    delete_permission = "sales.delete_contract"

    def restore_row(self, pk: int) -> None:
        with worded(DeletedContract(pk=pk)):
            restore_contract(contract_id=pk)


@admin.register(DeletedPayment)
class DeletedPaymentAdmin(DeletedRows):
    """The payments that were deleted."""

    delete_permission = "sales.delete_payment"
    list_display = ("invoice", "contact", "amount", "currency", "method", "paid_at", "deleted_at")
    list_select_related = ("invoice", "contact__prospect")
    search_fields = ("reference",)  # get_search_results looks
    fields = (*list_display[:-1], "reference", "notes", "created_at", "deleted_at")

    def restore_row(self, pk: int) -> None:
        with worded(DeletedPayment(pk=pk)):
            restore_payment(payment_id=pk, at=timezone.now())
