from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.fields import MomentField, RowIdField
from prospects.followups.models import FollowUpNote
from prospects.pipeline.models import FollowUpCategory


class NoteWriteSerializer(serializers.Serializer):
    """What one writes down after a call, and when to call again."""

    follow: Any = RowIdField(
        queryset=FollowUpCategory.objects.all(), required=False, allow_null=True
    )
    action = serializers.ChoiceField(choices=FollowUpNote.Action.choices, default="other")
    note = serializers.CharField(max_length=10_000)
    scheduled_date = MomentField(required=False, allow_null=True)


class NoteSerializer(serializers.Serializer):
    """A note, as cards and calendars show it (note_shape makes it)."""

    id = serializers.IntegerField()
    action = serializers.ChoiceField(choices=FollowUpNote.Action.choices)
    note = serializers.CharField()
    comment = serializers.CharField()
    scheduled_date = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    follow_up_id = serializers.IntegerField(allow_null=True)
    follow_name = serializers.CharField(allow_null=True)
    created_by = serializers.IntegerField(allow_null=True)
    created_by_name = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    origin = serializers.ChoiceField(choices=["prospect", "company"])


def note_shape(note: FollowUpNote, origin: str | None = None) -> dict[str, Any]:
    """Return a note as NoteSerializer describes it.

    :param origin: what its card is called, when that is known already.
    """
    return {
        "id": note.pk,
        "action": note.action,
        "note": note.note,
        "comment": note.note,
        "scheduled_date": note.scheduled_at,
        "done_at": note.done_at,
        "follow_up_id": note.category_id,
        "follow_name": note.category.name if note.category else None,
        "created_by": note.created_by_id,
        "created_by_name": note.created_by.name if note.created_by else None,
        "created_at": note.created_at,
        "origin": origin or origin_of(note.prospect),
    }


def origin_of(card: Any) -> str:
    """What the calendar calls a card: by its company once it has one."""
    return "company" if getattr(card, "company", None) else "prospect"
