from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.fields import MomentField
from prospects.followups.models import FollowUpNote

ORIGINS = ["prospect", "company"]


class ActivitySerializer(serializers.Serializer):
    """A planned follow-up in the calendar, for the schema; rows.py makes it."""

    id = serializers.IntegerField()
    entity_name = serializers.CharField(allow_blank=True)
    entity_type = serializers.CharField(help_text="prospect, or company once there is one")
    entity_id = serializers.IntegerField(help_text="The prospect's or the company's id")
    action = serializers.ChoiceField(choices=FollowUpNote.Action.choices)
    comment = serializers.CharField()
    scheduled_date = serializers.DateTimeField()
    created_by_name = serializers.CharField(allow_null=True)
    follow_name = serializers.CharField(help_text="The category in which the card stands now")


class NoteChangeSerializer(serializers.Serializer):
    """When a follow-up is to be, and whether it is done. `scheduled_date` may be left out when
    only the latter is sent.
    """

    scheduled_date = MomentField(required=False, allow_null=True)
    done = serializers.BooleanField(required=False)
    done_at = MomentField(required=False, allow_null=True)
    origin = serializers.ChoiceField(choices=ORIGINS)

    def validate_done_at(self, done_at: Any) -> Any:
        if done_at is not None and done_at > self.context["at"]:
            raise serializers.ValidationError("Must not be in the future.")
        return done_at

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if {"done", "done_at"} <= attrs.keys():
            raise serializers.ValidationError({"done": "Send done or done_at, not both."})
        if not {"done", "done_at", "scheduled_date"} & attrs.keys():
            raise serializers.ValidationError({"scheduled_date": "This field is required."})
        return attrs

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the note."""
        sent, columns = self.validated_data, {}
        if "scheduled_date" in sent:
            columns["scheduled_at"] = sent["scheduled_date"]
        if "done" in sent:
            columns["done_at"] = self.context["at"] if sent["done"] else None
        if "done_at" in sent:
            columns["done_at"] = sent["done_at"]
        return columns
