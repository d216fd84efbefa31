from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import DayField, LineField
from sales.contracts.models import Contract, Signature
from sales.documents.serializers import (
    DocumentSerializer,
    DocumentWriteSerializer,
    NumberField,
    row_id,
    text,
)
from sales.mailing.serializers import DeliveredSerializer


class ContractSerializer(DocumentSerializer):
    """A contract in a list."""

    contract_number = NumberField(Contract.KIND)
    status = serializers.ChoiceField(choices=Contract.Status.choices, source="state")
    type = serializers.CharField(allow_blank=True)
    value = serializers.DecimalField(14, 2)
    start_date = serializers.DateField(allow_null=True)
    end_date = serializers.DateField(allow_null=True)
    quote_id = serializers.IntegerField(allow_null=True)


class _SignatureSerializer(serializers.Serializer):
    """Who signed, when, and the hash of the PDF that was signed."""

    client_name = serializers.CharField()
    company_name = serializers.CharField(allow_blank=True)
    signed_at = serializers.DateTimeField()
    sha256 = serializers.CharField()
    content_sha256 = serializers.CharField()


class ContractDetailSerializer(DeliveredSerializer, ContractSerializer):
    """A contract whole, with what became of its mail; of a signed one, its signature."""

    KIND = "contract"

    signature = serializers.SerializerMethodField()

    @extend_schema_field(_SignatureSerializer(allow_null=True))
    def get_signature(self, row: dict[str, Any]) -> dict[str, Any] | None:
        known = Signature.objects.filter(contract=row["id"])
        columns = ("client_name", "company_name", "signed_at", "sha256", "content_sha256")
        return known.values(*columns).first()


class ContractWriteSerializer(DocumentWriteSerializer):
    """A contract as it is sent; for a change, what is sent counts."""

    type = text(50)
    value = serializers.DecimalField(14, 2, min_value=0, required=False)
    start_date = DayField(required=False, allow_null=True)
    end_date = DayField(required=False, allow_null=True)
    quote_id = row_id()


class SignSerializer(serializers.Serializer):
    """Who signs; without a name it is the contract's contact."""

    client_name = LineField(max_length=255, required=False, allow_null=True)
    company_name = LineField(max_length=255, required=False, allow_null=True)
