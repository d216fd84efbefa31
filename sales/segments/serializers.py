from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.errors import InvalidInput
from sales.conditions.fields import CUSTOM, FIELDS
from sales.conditions.operators import LABELS
from sales.conditions.reading import MOST_CONDITIONS, read_conditions
from sales.contacts.serializers import SalesContactSerializer
from sales.segments.models import Segment

MOST_AT_ONCE = 10_000
_NAME = "conditions"


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_CONDITIONS,
        "description": 'All of them are to hold; of a group `{"any": [...]}` one of those in it, '
        'of `{"all": [...]}` all. Fields: '
        f"{', '.join([*FIELDS, CUSTOM + 'KEY'])}.",
        "items": {
            "type": "object",
            "properties": {
                "field": {"type": "string", "example": "city"},
                "operator": {"type": "string", "enum": list(LABELS)},
                "value": {},
                "any": {"type": "array", "items": {"type": "object"}},
                "all": {"type": "array", "items": {"type": "object"}},
            },
        },
    }
)
class ConditionsField(serializers.Field):
    """`[{"field": "city", "operator": "=", "value": "Guadalajara"}]`; errors name the place."""

    def to_internal_value(self, data: Any) -> Any:
        zone = self.context["request"].user.tenant.zone
        try:
            return read_conditions(data, zone, name=_NAME)
        except InvalidInput as refusal:
            places = refusal.fields or {}
            inner = {name.removeprefix(f"{_NAME}."): texts for name, texts in places.items()}
            raise serializers.ValidationError(inner.get(_NAME, inner)) from refusal

    def to_representation(self, value: Any) -> Any:
        return value


class ContactIdsSerializer(serializers.Serializer):
    """Which people are meant."""

    contact_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_AT_ONCE,
    )


class SegmentWriteSerializer(serializers.Serializer):
    """A new segment; of a known one only what is sent changes."""

    name = serializers.CharField(max_length=255)
    type = serializers.ChoiceField(choices=Segment.Type.choices)
    conditions = ConditionsField(required=False)
    contact_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_AT_ONCE,
        required=False,
    )

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the segment."""
        sent = self.validated_data
        return {name: sent[name] for name in ("name", "type", "conditions") if name in sent}


class PreviewSerializer(serializers.Serializer):
    """Conditions to try."""

    conditions = ConditionsField()


class SegmentSerializer(serializers.Serializer):
    """A segment; how many of its members the caller sees is counted when it is asked for."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=Segment.Type.choices)
    member_count = serializers.SerializerMethodField()
    conditions = ConditionsField()
    created_by_id = serializers.IntegerField(allow_null=True)
    created_by_name = serializers.CharField(source="created_by.name", default=None)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field({"type": "integer", "minimum": 0})
    def get_member_count(self, segment: Segment) -> int:
        return int(self.context["member_counts"]().get(segment.pk, 0))


class PreviewedSerializer(serializers.Serializer):
    """How many people fulfil conditions, and the newest ten of them."""

    count = serializers.IntegerField()
    contacts = SalesContactSerializer(many=True)
