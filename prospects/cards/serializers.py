"""What is sent to change a card."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.users.models import User
from core.api.fields import AddressField, AmountField, CountField, DayField, LineField, RowIdField
from core.api.serializers import ChangeSerializer
from prospects.catalogs.models import (
    AcquisitionCampaign,
    Content,
    EcommerceType,
    LeadStatus,
    Locale,
    OnboardingStatus,
    PlanType,
    Service,
    WeightRange,
)
from prospects.contacts.serializers import phone_columns
from prospects.pipeline.models import AccountType, FollowUpCategory, TeamAssignment


def _row_of(model: Any, **kwargs: Any) -> RowIdField:
    kwargs = {"required": False, "allow_null": True, **kwargs}
    return RowIdField(queryset=model.objects.all(), **kwargs)


def _text(max_length: int) -> LineField:
    return LineField(max_length=max_length, required=False, allow_null=True)


class ProspectWriteSerializer(ChangeSerializer):
    """`PATCH /prospects/{id}`: who it is, and who looks after it."""

    company_name = _text(255)
    name = _text(255)
    email = AddressField(required=False, allow_null=True)
    phone_code = _text(8)
    phone = _text(40)
    created_by = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {**attrs, **self._phone(attrs)} if {"phone", "phone_code"} & attrs.keys() else attrs

    def _phone(self, attrs: dict[str, Any]) -> dict[str, str]:
        """Read code and number together: what is not sent is the card's."""
        card = self.context["card"]
        code = attrs.get("phone_code", card.phone_code) or None
        region = self.context["request"].user.tenant.country_code
        return phone_columns(code, attrs.get("phone", card.phone), region=region)

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the card."""
        sent = {name: "" if value is None else value for name, value in self._rest().items()}
        if "created_by" in self.validated_data:
            sent["owner_id"] = _id(self.validated_data["created_by"])
        return sent

    def _rest(self) -> dict[str, Any]:
        return {name: v for name, v in self.validated_data.items() if name != "created_by"}


@extend_schema_field({"type": "object", "additionalProperties": {"type": ["integer", "null"]}})
class AssignmentsField(serializers.Field):
    """`{part: user id or null}`; parts that are not named stay as they are."""

    def to_internal_value(self, data: Any) -> dict[str, int | None]:
        roles = TeamAssignment.Role.values
        if not isinstance(data, dict) or set(data) - set(roles):
            raise serializers.ValidationError(f"Must be an object with {', '.join(roles)}.")
        given = {pk for pk in data.values() if pk is not None}
        if not all(isinstance(pk, int) and 0 < pk < 2**63 for pk in given):
            raise serializers.ValidationError("Must hold user ids or null.")
        known = set(User.objects.active().filter(pk__in=given).values_list("pk", flat=True))
        if given - known:
            raise serializers.ValidationError(f"User {min(given - known)} does not exist.")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class DataWriteSerializer(ChangeSerializer):
    """`PATCH /prospects/{id}/data`: how the follow-up goes."""

    name = _text(255)
    ecommerce_type_id = _row_of(EcommerceType)
    channel = _text(60)
    account_value = AmountField(required=False, allow_null=True)
    locale = _row_of(Locale)
    monthly_shipments = CountField(required=False, allow_null=True)
    weight_id = _row_of(WeightRange)
    content_id = _row_of(Content)
    annotations = _text(10_000)
    account_type = serializers.ChoiceField(
        choices=AccountType.choices, required=False, allow_blank=True, allow_null=True
    )
    estimated_close_date = DayField(required=False, allow_null=True)
    commercial_offer_date = DayField(required=False, allow_null=True)
    follow_up_id = _row_of(FollowUpCategory, allow_null=False)
    plan_type_id = _row_of(PlanType)
    lead_status_id = _row_of(LeadStatus)
    campaign_id = _row_of(AcquisitionCampaign)
    onboarding_status_id = _row_of(OnboardingStatus)
    services = RowIdField(queryset=Service.objects.all(), many=True, required=False)
    assignments = AssignmentsField(required=False)

    # Wire name → column, where they differ.
    COLUMNS = {
        "locale": "locale_id",
        "weight_id": "weight_range_id",
        "follow_up_id": "category_id",
    }
    TEXTS = ("name", "channel", "annotations", "account_type")

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the card."""
        apart = ("services", "assignments")
        sent = {name: v for name, v in self.validated_data.items() if name not in apart}
        columns = {self.COLUMNS.get(name, name): value for name, value in sent.items()}
        return {n: "" if v is None and n in self.TEXTS else v for n, v in columns.items()}


def _id(value: Any) -> Any:
    return getattr(value, "pk", value)
