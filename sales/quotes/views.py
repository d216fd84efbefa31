from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.openapi import in_data
from core.api.views import read_body
from sales.documents.rows import SUMS
from sales.documents.views import PDF, DocumentViewSet
from sales.mailing.serializers import SendSerializer, read_letter
from sales.quotes.filters import QuoteFilter
from sales.quotes.models import Quote
from sales.quotes.serializers import (
    QuoteDetailSerializer,
    QuoteSerializer,
    QuoteWriteSerializer,
    RejectSerializer,
)
from sales.quotes.services import (
    approve_quote,
    cancel_quote,
    create_quote,
    delete_quote,
    edit_quote,
    reject_quote,
    send_quote,
)
from sales.quotes.sheet import quote_pdf

DONE = extend_schema(request=None, responses=in_data(QuoteDetailSerializer))


class QuoteViewSet(DocumentViewSet):
    """The quotes that the caller sees."""

    model = Quote
    permission: ClassVar[Any] = {
        "list": "sales.view_quote",
        "retrieve": "sales.view_quote",
        "pdf": "sales.view_quote",
        "create": "sales.add_quote",
        "update": "sales.change_quote",
        "destroy": "sales.delete_quote",
        "send": "sales.change_quote",
        "approve": "sales.change_quote",
        "reject": "sales.change_quote",
        "cancel": "sales.change_quote",
    }
    COLUMNS = (*SUMS, "valid_until", "decided_at", "reject_reason")
    list_serializer_class = QuoteSerializer
    read_serializer_class = QuoteDetailSerializer
    write_serializer_class = QuoteWriteSerializer
    filterset_class = QuoteFilter
    render = staticmethod(quote_pdf)

    @PDF
    def pdf(self, request: Any, pk: int) -> HttpResponse:
        """The quote as a PDF."""
        return self.pdf_of(pk)

    def add(self, sent: Any) -> int:
        lines = sent.validated_data.get("items", ())
        now = timezone.now()
        return create_quote(values=sent.columns(), lines=lines, by=self.request.user, at=now).pk

    def change(self, pk: int, sent: Any) -> None:
        who: Any = {"quote_id": pk, "by": self.request.user, "at": timezone.now()}
        is_cancelled = self.wants_to_cancel(pk, sent)
        edit_quote(values=sent.columns(), lines=sent.validated_data.get("items"), **who)
        if is_cancelled:
            cancel_quote(**who)

    def remove(self, pk: int) -> None:
        delete_quote(quote_id=pk, by=self.request.user, at=timezone.now())

    @extend_schema(request=SendSerializer, responses=in_data(QuoteDetailSerializer))
    def send(self, request: Any, pk: int) -> Response:
        """Mail a quote to its contact: from now on its content stands."""
        pk = self.seen(pk)
        return self.act(pk, send_quote, quote_id=pk, letter=read_letter(request))

    @DONE
    def approve(self, request: Any, pk: int) -> Response:
        """Note that the contact wants it."""
        return self.act(pk, approve_quote, quote_id=self.seen(pk))

    @extend_schema(request=RejectSerializer, responses=in_data(QuoteDetailSerializer))
    def reject(self, request: Any, pk: int) -> Response:
        """Note that the contact does not want it, and why."""
        pk = self.seen(pk)
        reason = read_body(RejectSerializer, request).validated_data.get("reason") or ""
        return self.act(pk, reject_quote, quote_id=pk, reason=reason)

    @DONE
    def cancel(self, request: Any, pk: int) -> Response:
        """Withdraw a quote that is not decided."""
        return self.act(pk, cancel_quote, quote_id=self.seen(pk))
