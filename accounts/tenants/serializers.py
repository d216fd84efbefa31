from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.pictures.addresses import picture_url
from accounts.tenants.models import FARTHEST_REMINDER, MOST_REMINDERS, Tenant, in_order
from core.currencies import parse_currency
from core.values import InvalidValue


class DistancesField(serializers.ListField):
    """A few distances in days, each once, the nearest first."""

    child = serializers.IntegerField(min_value=1, max_value=FARTHEST_REMINDER)

    def to_internal_value(self, data: Any) -> list[int]:
        return in_order(super().to_internal_value(data))


class TenantSettingsSerializer(serializers.ModelSerializer):
    """The tenant's own settings, as they are shown and sent."""

    logo_url = serializers.SerializerMethodField()
    currency = serializers.CharField(max_length=10)
    remind_days_before = DistancesField(max_length=MOST_REMINDERS)
    remind_days_after = DistancesField(max_length=MOST_REMINDERS)

    class Meta:
        model = Tenant
        fields = [
            *("id", "name", "slug", "logo_url", "tax_id", "address", "time_zone", "language"),
            *("currency", "country_code"),
            *("remind_days_before", "remind_days_after", "document_link_days"),
            "campaign_mails_per_minute",
        ]
        read_only_fields = ["id", "slug", "country_code"]

    def get_logo_url(self, tenant: Tenant) -> str | None:
        """Where the logo is; null for none."""
        return picture_url(tenant.logo_id)

    def validate_currency(self, value: str) -> Any:
        try:
            return parse_currency(value)
        except InvalidValue as error:
            raise serializers.ValidationError(f"It {error}.") from error
