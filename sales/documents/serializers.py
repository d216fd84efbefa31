from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.users.models import User
from core.api.fields import CurrencyField, LineField
from core.api.serializers import RowSerializer
from sales.documents.lines import MOST_ITEMS
from sales.documents.models import LONGEST_ADDRESS, LONGEST_TEXT

LARGEST_ID = 2**63 - 1


@extend_schema_field({"type": "string"})
class NumberField(serializers.Field):
    """A document's number as people write it: COT-000001."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(source="number", read_only=True, **kwargs)

    def to_representation(self, value: int) -> str:
        return f"{self.kind}-{value:06}"


class DocumentSerializer(serializers.Serializer):
    """What all documents show; made from the columns that rows.py reads."""

    id = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    currency = serializers.CharField()
    contact_id = serializers.IntegerField()
    deal_id = serializers.IntegerField(allow_null=True)
    owner_id = serializers.IntegerField(allow_null=True)
    owner_name = serializers.CharField(allow_null=True)
    notes = serializers.CharField(allow_blank=True)
    terms = serializers.CharField(allow_blank=True)
    billing_address = serializers.CharField(allow_blank=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class DocumentItemSerializer(serializers.Serializer):
    """A line of a document and what it comes to."""

    id = serializers.IntegerField()
    product_id = serializers.IntegerField(allow_null=True)
    description = serializers.CharField()
    quantity = serializers.DecimalField(14, 4)
    unit_price = serializers.DecimalField(14, 2)
    discount_percent = serializers.DecimalField(7, 4)
    tax_rate = serializers.DecimalField(7, 4)
    subtotal = serializers.DecimalField(14, 2, source="net")
    tax = serializers.DecimalField(14, 2)
    total = serializers.DecimalField(14, 2)


def row_id(*, allow_null: bool = True) -> serializers.IntegerField:
    """The id of a row; whether the caller sees one, the service asks."""
    return serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, allow_null=allow_null
    )


def text(max_length: int) -> LineField:
    """A text that may be left out; null is none."""
    return LineField(max_length=max_length, required=False, allow_null=True)


def _percent() -> serializers.DecimalField:
    return serializers.DecimalField(7, 4, min_value=0, max_value=100, required=False)


class ItemWriteSerializer(RowSerializer):
    """A line as it is sent; of a product, what is left out is the product's."""

    product_id = row_id()
    description = text(1000)
    quantity = serializers.DecimalField(14, 4, min_value=Decimal("0.0001"))
    unit_price = serializers.DecimalField(14, 2, min_value=0, required=False)
    discount_percent = _percent()
    tax_rate = _percent()


class DocumentWriteSerializer(serializers.Serializer):
    """What may be sent of all documents; for a change, what is sent counts."""

    CHOOSABLE: ClassVar[Sequence[str]] = ("cancelled",)
    APART: ClassVar[Sequence[str]] = ("items", "status", "quote_id")

    contact_id = row_id(allow_null=False)
    deal_id = row_id()
    title = text(255)
    currency = CurrencyField(required=False)
    notes = text(LONGEST_TEXT)
    terms = text(LONGEST_TEXT)
    billing_address = text(LONGEST_ADDRESS)
    owner_id = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.active(), required=False, allow_null=True
    )
    status = serializers.CharField(max_length=20, required=False)

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the document."""
        sent = {n: v for n, v in self.validated_data.items() if n not in self.APART}
        if sent.get("owner_id"):
            sent["owner_id"] = sent["owner_id"].pk
        for name in ("title", "notes", "terms", "billing_address", "type"):
            if name in sent:
                sent[name] = sent[name] or ""
        return sent


class PricedWriteSerializer(DocumentWriteSerializer):
    """A document with items as it is sent."""

    items = serializers.ListField(
        child=ItemWriteSerializer(), min_length=1, max_length=MOST_ITEMS, required=False
    )
