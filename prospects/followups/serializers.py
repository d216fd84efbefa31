from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.fields import MomentField
from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import FollowUpCategory


class NoteWriteSerializer(serializers.Serializer):
    """What one writes down after a call, and when to call again."""

    follow: Any = serializers.PrimaryKeyRelatedField(
        queryset=FollowUpCategory.objects.all(), required=False, allow_null=True
    )
    action = serializers.ChoiceField(choices=FollowUpNote.Action.choices, default="other")
    note = serializers.CharField(max_length=10_000)
    scheduled_date = MomentField(required=False, allow_null=True)


class NoteSerializer(serializers.Serializer):
    """A note, as cards and calendars show it."""

    id = serializers.IntegerField()
    action = serializers.ChoiceField(choices=FollowUpNote.Action.choices)
    note = serializers.CharField()
    comment = serializers.CharField(source="note")
    scheduled_date = serializers.DateTimeField(source="scheduled_at", allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    follow_up_id = serializers.IntegerField(source="category_id", allow_null=True)
    follow_name = serializers.CharField(source="category.name", default=None, allow_null=True)
    created_by = serializers.IntegerField(source="created_by_id", allow_null=True)
    created_by_name = serializers.CharField(source="created_by.name", default=None, allow_null=True)
    created_at = serializers.DateTimeField()
    origin = serializers.SerializerMethodField()

    def get_origin(self, note: Any) -> str:
        """`company` once the card has a company, else `prospect`."""
        return self.context.get("origin") or origin_of(note.prospect)


def origin_of(card: Any) -> str:
    """What the calendar calls a card: by its company once it has one."""
    return "company" if getattr(card, "company", None) else "prospect"
