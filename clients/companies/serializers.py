from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.users.models import User
from clients.companies.details import read_domain, read_switchboard, read_tax_id
from core.api.fields import AddressField, AmountField, LineField


@extend_schema_field({"type": "string", "maxLength": 255})
class DomainField(LineField):
    """A web domain; of an address its host."""

    def read(self, value: Any) -> Any:
        return read_domain(value)


@extend_schema_field({"type": "string", "maxLength": 100})
class TaxIdField(LineField):
    """A tax id (RFC)."""

    def read(self, value: Any) -> Any:
        return read_tax_id(value)


@extend_schema_field({"type": "string", "maxLength": 40})
class SwitchboardField(LineField):
    """A company's phone."""

    def read(self, value: Any) -> Any:
        return read_switchboard(value, self.context["request"].user.tenant.country_code)


OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True}


class DetailsSerializer(serializers.Serializer):
    """What a company says of itself; null empties."""

    domain = DomainField(max_length=255, **OPTIONAL)
    industry = LineField(max_length=120, **OPTIONAL)
    employee_range = LineField(max_length=30, **OPTIONAL)
    annual_revenue = AmountField(**OPTIONAL)
    phone = SwitchboardField(max_length=40, **OPTIONAL)
    email = AddressField(**OPTIONAL)
    tax_id = TaxIdField(max_length=100, **OPTIONAL)

    def details(self) -> dict[str, Any]:
        """Return what was sent as columns of the company."""
        names = DetailsSerializer().fields.keys() & self.validated_data.keys()
        sent = {name: self.validated_data[name] for name in sorted(names)}
        return {n: "" if v is None and n != "annual_revenue" else v for n, v in sent.items()}


class CompanyWriteSerializer(DetailsSerializer):
    """A company, as the sales API takes it; for a change, what is sent counts."""

    name = LineField(max_length=255)
    owner_id = serializers.PrimaryKeyRelatedField(queryset=User.objects.active(), **OPTIONAL)

    def validate_name(self, name: str) -> str:
        if not name:
            raise serializers.ValidationError("This field is needed.")
        return name

    def card(self) -> dict[str, Any]:
        """Return what was sent as columns of the card."""
        sent = self.validated_data
        columns = {"company_name": sent["name"]} if "name" in sent else {}
        if "owner_id" in sent:
            columns["owner_id"] = sent["owner_id"] and sent["owner_id"].pk
        return columns


class CompanySerializer(serializers.Serializer):
    """A company, as the sales API shows it (CompanyQuerySet.for_sales reads it)."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    domain = serializers.CharField()
    industry = serializers.CharField()
    employee_range = serializers.CharField()
    annual_revenue = serializers.DecimalField(14, 2, allow_null=True)
    phone = serializers.CharField()
    email = serializers.CharField()
    tax_id = serializers.CharField()
    contacts_count = serializers.IntegerField()
    owner_id = serializers.IntegerField(source="prospect.owner_id", allow_null=True)
    owner_name = serializers.CharField(source="prospect.owner.name", default=None, allow_null=True)
    prospect_id = serializers.IntegerField()
    balance = serializers.DecimalField(14, 2)
    tier = serializers.CharField(source="get_tier_display", allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
