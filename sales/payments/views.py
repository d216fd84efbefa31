from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from clients.companies.models import Company
from core.api.errors import Surface
from core.api.openapi import in_data
from core.api.views import TenantAPIView, read_body
from core.api.viewsets import ReadMixin, ResourceViewSet, WriteMixin
from core.errors import InvalidInput, NotFound
from prospects.contacts.models import Contact
from sales.invoices.models import Invoice
from sales.payments.filters import PaymentFilter
from sales.payments.models import Payment
from sales.payments.serializers import (
    CompanyStatementSerializer,
    PaymentSerializer,
    PaymentWriteSerializer,
    RefundSerializer,
    StatementSerializer,
)
from sales.payments.services import (
    delete_payment,
    edit_payment,
    record_payment,
    refund_payment,
)
from sales.payments.statement import Day, statement_of_company, statement_of_contact

COLUMNS = (
    *("id", "amount", "currency", "method", "reference", "notes", "status", "paid_at"),
    *("refunded_amount", "refunded_at", "refund_reason", "invoice_id", "contact_id"),
    *("created_at", "updated_at"),
)


class PaymentViewSet(ReadMixin, WriteMixin, ResourceViewSet):
    """The payments of the invoices that the caller sees."""

    model = Payment
    permission: ClassVar[Any] = {
        "list": "sales.view_payment",
        "retrieve": "sales.view_payment",
        "create": "sales.add_payment",
        "update": "sales.change_payment",
        "destroy": "sales.delete_payment",
        "refund": "sales.change_payment",
    }
    read_serializer_class = PaymentSerializer
    write_serializer_class = PaymentWriteSerializer
    filterset_class = PaymentFilter
    version_fields = ("updated_at",)
    request: Any

    def narrow(self, queryset: Any) -> Any:
        return queryset.visible_to(self.request.user)

    def shown(self, queryset: Any) -> Any:
        return queryset.values(*COLUMNS)

    def hold(self, pk: int) -> None:
        invoices = Invoice.objects.filter(payments=pk).select_for_update(of=("self",))
        list(invoices.values_list("pk"))
        super().hold(pk)

    def add(self, sent: Any) -> int:
        return record_payment(
            invoice_id=sent.validated_data["invoice_id"],
            values=sent.columns(),
            by=self.request.user,
            at=timezone.now(),
        ).pk

    def change(self, pk: int, sent: Any) -> None:
        invoice_id = sent.validated_data.get("invoice_id")
        if invoice_id and not Payment.objects.filter(pk=pk, invoice=invoice_id).exists():
            raise InvalidInput.of("invoice_id", "A payment stays with its invoice.")
        who: Any = {"by": self.request.user, "at": timezone.now()}
        edit_payment(payment_id=pk, values=sent.columns(), **who)

    def remove(self, pk: int) -> None:
        delete_payment(payment_id=pk, by=self.request.user, at=timezone.now())

    @extend_schema(request=RefundSerializer, responses=in_data(PaymentSerializer))
    def refund(self, request: Any, pk: int) -> Response:
        """Note that money went back: the invoice is owed that much again."""
        pk = self.seen(pk)
        sent = read_body(RefundSerializer, request).validated_data
        refund_payment(
            payment_id=pk,
            amount=sent.get("amount"),
            reason=sent.get("reason") or "",
            by=request.user,
            at=timezone.now(),
        )
        return self.answer(Payment.objects, pk)


class StatementView(TenantAPIView):
    """What a contact whom the caller sees was billed and paid."""

    surface = Surface.SALES
    permission = "sales.view_invoice"

    @extend_schema(responses=in_data(StatementSerializer))
    def get(self, request: Any, contact_id: int) -> Response:
        seen = Contact.objects.visible_to(request.user, are_few=True)
        return _statement(request, seen, contact_id, statement_of_contact)


class CompanyStatementView(TenantAPIView):
    """What the people of a company that the caller sees were billed and paid."""

    surface = Surface.SALES
    permission = "sales.view_invoice"

    @extend_schema(responses=in_data(CompanyStatementSerializer))
    def get(self, request: Any, company_id: int) -> Response:
        seen = Company.objects.visible_to(request.user)
        return _statement(request, seen, company_id, statement_of_company)


def _statement(request: Any, seen: Any, pk: int, statement_of: Any) -> Response:
    if not seen.filter(pk=pk).exists():
        raise NotFound("Not found.")
    zone = request.user.tenant.time_zone
    day = Day(timezone.localdate(timezone=request.user.tenant.zone), zone)
    return Response({"data": statement_of(pk, day)})
