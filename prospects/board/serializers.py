"""What the board, the list and the figures look like, for the schema; rows.py makes them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class BoardRecordSerializer(serializers.Serializer):
    """A card on the board."""

    id = serializers.IntegerField()
    type = serializers.IntegerField(help_text="1 prospect, 2 client, 3 partner")
    company_id = serializers.IntegerField(allow_null=True)
    company_name = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone_code = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    follow_up_id = serializers.IntegerField()
    follow_name = serializers.CharField()
    balance = serializers.DecimalField(max_digits=20, decimal_places=2)
    account_value = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    last_contact = serializers.DateTimeField(allow_null=True)
    next_contact = serializers.DateField(allow_null=True)
    salesman = serializers.IntegerField(allow_null=True)
    salesman_name = serializers.CharField(allow_null=True)
    verified = serializers.BooleanField()
    tier = serializers.CharField(allow_blank=True)
    monthly_shipments = serializers.IntegerField(allow_null=True)
    services = serializers.ListField(child=serializers.IntegerField())


class ListRecordSerializer(BoardRecordSerializer):
    """A card in the list."""

    first_contact = serializers.DateField(allow_null=True)
    last_contact = serializers.DateField(allow_null=True)  # type: ignore[assignment]
    days_uc = serializers.IntegerField(help_text="Whole days since the category last changed")
    days_without_contact = serializers.IntegerField(
        help_text="Whole days since the last contact, or since creation"
    )
    monthly_shipments_desc = serializers.CharField(allow_null=True)
    campaign = serializers.CharField(allow_null=True)
    lead_status = serializers.CharField(allow_null=True)
    estimated_close_date = serializers.DateField(allow_null=True)
    commercial_offer_date = serializers.DateField(allow_null=True)
    channel = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


@extend_schema_field({"type": "string"})
class _LastContactField(serializers.DateTimeField):
    """A moment; in a report, as in the list, its day."""


class GroupedRecordSerializer(ListRecordSerializer):
    """A card on the board; with `report=true` the columns of the list, too."""

    last_contact = _LastContactField(allow_null=True)  # type: ignore[assignment]

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in fields.keys() - BoardRecordSerializer._declared_fields.keys():
            fields[name].required = False
        return fields


class ColumnSerializer(serializers.Serializer):
    """A category with its page of cards."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    color = serializers.CharField()
    records = GroupedRecordSerializer(many=True)
    count = serializers.IntegerField(required=False, help_text="With counters=true")


class GroupedSerializer(serializers.Serializer):
    """The board."""

    categories = ColumnSerializer(many=True)


class ListSerializer(serializers.Serializer):
    """A page of the list."""

    recordsTotal = serializers.IntegerField(help_text="What the caller may see")
    recordsFiltered = serializers.IntegerField(help_text="What the filters leave")
    data = ListRecordSerializer(many=True)  # type: ignore[assignment]


class KpiSerializer(serializers.Serializer):
    """Count and value of a category."""

    category_id = serializers.IntegerField()
    category_name = serializers.CharField()
    total_value = serializers.DecimalField(max_digits=20, decimal_places=2)
    count = serializers.IntegerField()
    by_currency = serializers.DictField(
        child=serializers.DecimalField(max_digits=20, decimal_places=2)
    )
