from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.fields import LineField, LinkField
from prospects.catalogs.models import Locale, PartnerOrigin, PartnerType


def _row_of(model: Any) -> Any:
    return serializers.PrimaryKeyRelatedField(queryset=model.objects.all())


class PartnerDataWriteSerializer(serializers.Serializer):
    """`PATCH /prospects/{id}/partner-data`: everything is needed but the social network."""

    url = LinkField(max_length=255)
    partner_type_id = _row_of(PartnerType)
    partner_origin_id = _row_of(PartnerOrigin)
    rating = serializers.IntegerField(min_value=1, max_value=5)
    locale_id = _row_of(Locale)
    social_network = LineField(max_length=150, required=False, allow_null=True)

    def validate_url(self, url: str) -> str:
        if not url:
            raise serializers.ValidationError("This field may not be blank.")
        return url

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of PartnerData."""
        sent = {name: getattr(value, "pk", value) for name, value in self.validated_data.items()}
        return {name: "" if value is None else value for name, value in sent.items()}


class PartnerDataSerializer(serializers.Serializer):
    """Partner data, as `GET /prospects/{id}?source=partner` shows it."""

    url = serializers.CharField()
    partner_type_id = serializers.IntegerField()
    partner_origin_id = serializers.IntegerField()
    rating = serializers.IntegerField()
    locale_id = serializers.IntegerField()
    social_network = serializers.CharField(allow_blank=True)
