from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.users.models import User
from core.api.fields import LineField, MomentField
from sales.activities.models import LONGEST_NOTES, Activity
from sales.activities.subjects import COLUMNS, NOTHING, subject_columns, subject_of

LONGEST_ID = 18  # digits


class SalesActivitySerializer(serializers.Serializer):
    """An activity; made from the columns that rows.py reads."""

    id = serializers.IntegerField()
    subject = serializers.CharField()
    type = serializers.ChoiceField(choices=Activity.Type.choices)
    status = serializers.ChoiceField(choices=Activity.Status.choices)
    priority = serializers.ChoiceField(choices=Activity.Priority.choices)
    due_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    user_id = serializers.IntegerField(allow_null=True)
    user_name = serializers.CharField(allow_null=True)
    activitable_type = serializers.SerializerMethodField()
    activitable_id = serializers.SerializerMethodField()
    notes = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field({"type": ["string", "null"]})
    def get_activitable_type(self, row: dict[str, Any]) -> str | None:
        return subject_of(row)[0]

    @extend_schema_field({"type": ["string", "null"]})
    def get_activitable_id(self, row: dict[str, Any]) -> str | None:
        return subject_of(row)[1]


class SalesActivityWriteSerializer(serializers.Serializer):
    """An activity as it is sent; for a change, what is sent counts."""

    subject = LineField(max_length=255)
    type = serializers.ChoiceField(choices=Activity.Type.choices)
    status = serializers.ChoiceField(choices=Activity.Status.choices, required=False)
    priority = serializers.ChoiceField(choices=Activity.Priority.choices, required=False)
    due_at = MomentField(required=False, allow_null=True)
    notes = LineField(max_length=LONGEST_NOTES, required=False, allow_null=True)
    user_id = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.active(), required=False, allow_null=True
    )
    activitable_type = serializers.ChoiceField(
        choices=list(COLUMNS), required=False, allow_null=True
    )
    activitable_id = LineField(max_length=LONGEST_ID, required=False, allow_null=True)

    def validate_subject(self, subject: str) -> str:
        if not subject:
            raise serializers.ValidationError("This field is needed.")
        return subject

    def validate_activitable_id(self, text: str | None) -> int | None:
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise serializers.ValidationError("Must be an id.")
        return int(text)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind, pk = attrs.get("activitable_type"), attrs.get("activitable_id")
        for name, value, other in (
            ("activitable_id", pk, kind),
            ("activitable_type", kind, pk),
        ):
            if value is None and other is not None:
                raise serializers.ValidationError({name: "This field is needed with the other."})
        return attrs

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the activity.

        :raises InvalidInput: it is about something that the caller does not see.
        """
        columns = dict(self.validated_data)
        kind = columns.pop("activitable_type", None)
        pk = columns.pop("activitable_id", None)
        if kind is not None:
            by = self.context["request"].user
            columns |= subject_columns(COLUMNS[kind], pk, by=by)
        elif {"activitable_type", "activitable_id"} & self.validated_data.keys():
            columns |= NOTHING
        if "user_id" in columns:
            columns["user_id"] = columns["user_id"] and columns["user_id"].pk
        if "notes" in columns:
            columns["notes"] = columns["notes"] or ""
        return columns
