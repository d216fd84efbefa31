from __future__ import annotations

from rest_framework import serializers

from core.api.fields import DayField, LineField
from sales.documents.serializers import (
    DocumentItemSerializer,
    DocumentSerializer,
    NumberField,
    PricedWriteSerializer,
)
from sales.mailing.serializers import DeliveredSerializer
from sales.quotes.models import Quote


class QuoteSerializer(DocumentSerializer):
    """A quote with its items."""

    quote_number = NumberField(Quote.KIND)
    status = serializers.ChoiceField(choices=Quote.Status.choices, source="state")
    subtotal = serializers.DecimalField(14, 2)
    tax_total = serializers.DecimalField(14, 2)
    total = serializers.DecimalField(14, 2)
    valid_until = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reject_reason = serializers.CharField(allow_blank=True)
    items = DocumentItemSerializer(many=True)


class QuoteDetailSerializer(DeliveredSerializer, QuoteSerializer):
    """A quote whole, with what became of its mail."""

    KIND = "quote"


class QuoteWriteSerializer(PricedWriteSerializer):
    """A quote as it is sent; for a change, what is sent counts."""

    valid_until = DayField(required=False, allow_null=True)


class RejectSerializer(serializers.Serializer):
    """Why a quote is not wanted."""

    reason = LineField(max_length=1000, required=False, allow_null=True)
