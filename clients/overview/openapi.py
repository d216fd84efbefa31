"""What a whole client looks like, for the schema; page.py makes it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from clients.integrations.serializers import IntegrationSerializer
from clients.onboarding.serializers import OnboardingSerializer
from prospects.cards.openapi import CARD_SCHEMA


def _each(names: str, field: type[serializers.Field], **kwargs: Any) -> dict[str, Any]:
    return {name: field(**kwargs) for name in names.split()}


_INTEGER, _TEXT, _MOMENT = (
    serializers.IntegerField,
    serializers.CharField,
    serializers.DateTimeField,
)
_CENTS = {"max_digits": 14, "decimal_places": 2}
COMPANY_SCHEMA = inline_serializer(
    "ClientCompany",
    {
        **_each("id prospect_id type follow_up_id", _INTEGER),
        **_each("created_by", _INTEGER, allow_null=True),
        **_each("company_name follow_name", _TEXT),
        **_each("created_by_name", _TEXT, allow_null=True),
        **_each(
            "tier domain industry employee_range phone email tax_id balance_currency",
            _TEXT,
            allow_blank=True,
        ),
        **_each("balance", serializers.DecimalField, **_CENTS),
        **_each("annual_revenue", serializers.DecimalField, allow_null=True, **_CENTS),
        **_each("first_recharge_at first_shipment_at", _MOMENT, allow_null=True),
        **_each("created_at updated_at", _MOMENT),
    },
)
CLIENT_SCHEMA = inline_serializer(
    "Client",
    {
        "company": COMPANY_SCHEMA,
        **{name: f for name, f in CARD_SCHEMA.get_fields().items() if name != "prospect"},
        "integrations": IntegrationSerializer(many=True),
        "onboarding": OnboardingSerializer(),
    },
)
