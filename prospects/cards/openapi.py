"""What a whole card looks like, for the schema; page.py makes it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from prospects.contacts.serializers import ContactSerializer
from prospects.followups.serializers import NoteSerializer
from prospects.locations.serializers import LocationSerializer
from prospects.partners.serializers import PartnerDataSerializer


def _each(names: str, field: type[serializers.Field], **kwargs: Any) -> dict[str, Any]:
    return {name: field(**kwargs) for name in names.split()}


_INTEGER, _TEXT, _DATE = serializers.IntegerField, serializers.CharField, serializers.DateField
_MOMENT, _AMOUNT = serializers.DateTimeField, serializers.DecimalField
_CENTS = {"max_digits": 14, "decimal_places": 2}
PROSPECT_SCHEMA = inline_serializer(
    "CardProspect",
    {
        **_each("id follow_up_id type status", _INTEGER),
        **_each("company_id locale_id created_by", _INTEGER, allow_null=True),
        **_each("name company_name email phone_code phone", _TEXT, allow_blank=True),
        **_each("external_id tier", _TEXT, allow_blank=True),
        **_each("follow_name", _TEXT),
        **_each("created_by_name", _TEXT, allow_null=True),
        **_each("created_at updated_at", _MOMENT),
        **_each("verified", serializers.BooleanField),
        **_each("balance", _AMOUNT, max_digits=20, decimal_places=2),
    },
)
FOLLOW_DATA_SCHEMA = inline_serializer(
    "CardFollowData",
    {
        **_each("channel account_type annotations", _TEXT, allow_blank=True),
        **_each("account_value", _AMOUNT, allow_null=True, **_CENTS),
        **_each("monthly_shipments_desc", _TEXT, allow_null=True),
        **_each("monthly_shipments ecommerce_type_id weight_id", _INTEGER, allow_null=True),
        **_each("content_id plan_type_id lead_status_id", _INTEGER, allow_null=True),
        **_each("campaign_id onboarding_status_id", _INTEGER, allow_null=True),
        **_each("estimated_close_date commercial_offer_date", _DATE, allow_null=True),
        **_each("first_contact last_contact next_contact", _DATE, allow_null=True),
        **_each("days_uc days_without_contact", _INTEGER),
        "services": serializers.ListField(child=_INTEGER()),
        "assignments": serializers.DictField(child=_INTEGER(allow_null=True)),
    },
)
CARD_SCHEMA = inline_serializer(
    "Card",
    {
        "prospect": PROSPECT_SCHEMA,
        "follow_data": FOLLOW_DATA_SCHEMA,
        "notes": NoteSerializer(many=True),
        "notes_total": _INTEGER(),
        "contacts": ContactSerializer(many=True),
        "locations": LocationSerializer(many=True),
        # With `source=partner` alone.
        "partner_data": PartnerDataSerializer(allow_null=True, required=False),
    },
)
