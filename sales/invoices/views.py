from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.openapi import in_data
from sales.documents.rows import SUMS
from sales.documents.views import PDF, DocumentViewSet
from sales.invoices.filters import InvoiceFilter
from sales.invoices.models import Invoice
from sales.invoices.serializers import (
    InvoiceDetailSerializer,
    InvoiceSerializer,
    InvoiceWriteSerializer,
)
from sales.invoices.services import (
    cancel_invoice,
    create_invoice,
    delete_invoice,
    edit_invoice,
    send_invoice,
)
from sales.invoices.sheet import invoice_pdf
from sales.mailing.serializers import SendSerializer, read_letter

DONE = extend_schema(request=None, responses=in_data(InvoiceDetailSerializer))


class InvoiceViewSet(DocumentViewSet):
    """The invoices that the caller sees."""

    model = Invoice
    permission: ClassVar[Any] = {
        "list": "sales.view_invoice",
        "retrieve": "sales.view_invoice",
        "pdf": "sales.view_invoice",
        "create": "sales.add_invoice",
        "update": "sales.change_invoice",
        "destroy": "sales.delete_invoice",
        "send": "sales.change_invoice",
        "cancel": "sales.change_invoice",
    }
    COLUMNS = (*SUMS, "amount_paid", "issued_at", "due_at", "quote_id")
    list_serializer_class = InvoiceSerializer
    read_serializer_class = InvoiceDetailSerializer
    write_serializer_class = InvoiceWriteSerializer
    filterset_class = InvoiceFilter
    render = staticmethod(invoice_pdf)

    @PDF
    def pdf(self, request: Any, pk: int) -> HttpResponse:
        """The invoice as a PDF."""
        return self.pdf_of(pk)

    def add(self, sent: Any) -> int:
        return create_invoice(
            values=sent.columns(),
            lines=sent.validated_data.get("items"),
            quote_id=sent.validated_data.get("quote_id"),
            by=self.request.user,
            at=timezone.now(),
        ).pk

    def change(self, pk: int, sent: Any) -> None:
        who: Any = {"invoice_id": pk, "by": self.request.user, "at": timezone.now()}
        is_cancelled = self.wants_to_cancel(pk, sent)
        edit_invoice(values=sent.columns(), lines=sent.validated_data.get("items"), **who)
        if is_cancelled:
            cancel_invoice(**who)

    def remove(self, pk: int) -> None:
        delete_invoice(invoice_id=pk, by=self.request.user, at=timezone.now())

    @extend_schema(request=SendSerializer, responses=in_data(InvoiceDetailSerializer))
    def send(self, request: Any, pk: int) -> Response:
        """Mail an invoice to its contact: from now on it is owed."""
        pk = self.seen(pk)
        return self.act(pk, send_invoice, invoice_id=pk, letter=read_letter(request))

    @DONE
    def cancel(self, request: Any, pk: int) -> Response:
        """Declare that an invoice without payments is not owed."""
        return self.act(pk, cancel_invoice, invoice_id=self.seen(pk))
