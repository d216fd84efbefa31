from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import DayField
from sales.documents.serializers import (
    DocumentItemSerializer,
    DocumentSerializer,
    NumberField,
    PricedWriteSerializer,
    row_id,
)
from sales.invoices.models import Invoice
from sales.mailing.serializers import DeliveredSerializer


@extend_schema_field({"type": "string", "format": "date-time"})
class DayAsTimeField(serializers.Field):
    """A day, written as its first moment in UTC, as the contract shows it."""

    def to_representation(self, value: date) -> Any:
        return datetime.combine(value, time(), UTC)


class InvoiceSerializer(DocumentSerializer):
    """An invoice in a list."""

    invoice_number = NumberField(Invoice.KIND)
    status = serializers.ChoiceField(choices=Invoice.Status.choices, source="state")
    subtotal = serializers.DecimalField(14, 2)
    tax_total = serializers.DecimalField(14, 2)
    total = serializers.DecimalField(14, 2)
    amount_paid = serializers.DecimalField(14, 2)
    amount_due = serializers.SerializerMethodField()
    issued_at = DayAsTimeField()
    due_at = DayAsTimeField(allow_null=True)
    quote_id = serializers.IntegerField(allow_null=True)

    @extend_schema_field({"type": "number", "minimum": 0})
    def get_amount_due(self, row: dict[str, Any]) -> Any:
        """What is still owed: of a cancelled invoice nothing."""
        is_owed = row["state"] != Invoice.Status.CANCELLED
        return row["total"] - row["amount_paid"] if is_owed else row["amount_paid"]


class InvoiceDetailSerializer(DeliveredSerializer, InvoiceSerializer):
    """An invoice whole, with its items and what became of its mail."""

    KIND = "invoice"

    items = DocumentItemSerializer(many=True)


class InvoiceWriteSerializer(PricedWriteSerializer):
    """An invoice as it is sent; for a change, what is sent counts."""

    issued_at = DayField(required=False)
    due_at = DayField(required=False, allow_null=True)
    quote_id = row_id()
