from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.fields import LineField, LinkField
from prospects.locations.models import Location


class LocationWriteSerializer(serializers.Serializer):
    """A place: everything is needed. For a change, what is sent counts."""

    name = LineField(max_length=50)
    link = LinkField(max_length=150)
    type = serializers.ChoiceField(choices=Location.Type.choices)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        blank = [name for name, value in attrs.items() if not value]
        if blank:
            raise serializers.ValidationError(dict.fromkeys(blank, "This field may not be blank."))
        return attrs


class LocationSerializer(serializers.ModelSerializer):
    """A place, as cards and clients show it."""

    class Meta:
        model = Location
        fields = ("id", "name", "link", "type")
