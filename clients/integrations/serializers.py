from __future__ import annotations

from typing import Any

from rest_framework import serializers

from clients.integrations.models import Integration
from core.api.fields import LineField, LinkField, MomentField


class IntegrationWriteSerializer(serializers.Serializer):
    """A shop or system; for a change, what is sent counts."""

    platform = LineField(max_length=60)
    name = LineField(max_length=120, required=False, allow_null=True)
    url = LinkField(max_length=255, required=False, allow_null=True)
    status = serializers.ChoiceField(choices=Integration.Status.choices, required=False)
    connected_at = MomentField(required=False, allow_null=True)

    def validate_platform(self, platform: str) -> str:
        if not platform:
            raise serializers.ValidationError("This field is needed.")
        return platform

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the integration."""
        texts = ("name", "url")
        sent = self.validated_data.items()
        return {n: "" if v is None and n in texts else v for n, v in sent}


class IntegrationSerializer(serializers.ModelSerializer):
    """A client's integration, as the CRM API shows it."""

    class Meta:
        model = Integration
        fields = ["id", "platform", "name", "url", "status", "connected_at"]
