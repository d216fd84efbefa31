from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.users.models import User
from core.api.fields import LineField, LinkField, MomentField
from core.values import LARGEST_COUNT
from sales.events.attending import EVERYBODY, NEW, UNANSWERED
from sales.events.models import (
    FARTHEST_REMINDER,
    LONGEST_DESCRIPTION,
    LONGEST_LINK,
    LONGEST_PLACE,
    LONGEST_TYPE,
    MOST_REMINDERS,
    NEAREST_REMINDER,
    Attendee,
)
from sales.events.rows import shape
from sales.invitations.models import EventMail

ANSWERS = [each for each in Attendee.Status.choices if each[0] != Attendee.Status.INVITED]


class AttendeeSerializer(serializers.Serializer):
    """Somebody on the list of an event, and what became of the last mail to them."""

    id = serializers.IntegerField()
    event_id = serializers.IntegerField()
    contact_id = serializers.IntegerField(allow_null=True)
    user_id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=Attendee.Status.choices)
    answered_at = serializers.DateTimeField(allow_null=True)
    checked_in_at = serializers.DateTimeField(allow_null=True)
    checked_in_by_name = serializers.CharField(allow_null=True)
    mail_status = serializers.ChoiceField(choices=EventMail.Status.choices, allow_null=True)
    mail_error = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(shape(instance))


class EventSerializer(serializers.Serializer):
    """An event; made from the columns that rows.py reads."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    type = serializers.CharField()
    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    location = serializers.CharField(allow_blank=True)
    online_url = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    is_mandatory = serializers.BooleanField()
    max_attendees = serializers.IntegerField(allow_null=True)
    attendees_count = serializers.IntegerField()
    accepted_count = serializers.IntegerField()
    checked_in_count = serializers.IntegerField()
    my_status = serializers.ChoiceField(choices=Attendee.Status.choices, allow_null=True)
    remind_before = serializers.ListField(child=serializers.IntegerField())
    owner_id = serializers.IntegerField(allow_null=True)
    owner_name = serializers.CharField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class EventDetailSerializer(EventSerializer):
    """An event with the people on its list whom the caller sees (the first 200)."""

    attendees = AttendeeSerializer(many=True)


class EventWriteSerializer(serializers.Serializer):
    """An event as it is sent; for a change, what is sent counts."""

    title = LineField(max_length=255)
    type = LineField(max_length=LONGEST_TYPE)
    start_at = MomentField()
    end_at = MomentField()
    location = LineField(max_length=LONGEST_PLACE, required=False, allow_null=True)
    online_url = LinkField(max_length=LONGEST_LINK, required=False, allow_null=True)
    description = LineField(max_length=LONGEST_DESCRIPTION, required=False, allow_null=True)
    is_mandatory = serializers.BooleanField(required=False)
    max_attendees = serializers.IntegerField(
        min_value=1, max_value=LARGEST_COUNT, required=False, allow_null=True
    )
    remind_before = serializers.ListField(
        child=serializers.IntegerField(min_value=NEAREST_REMINDER, max_value=FARTHEST_REMINDER),
        max_length=MOST_REMINDERS,
        required=False,
        help_text="Minutes before it begins; empty: nobody is reminded.",
    )
    owner_id = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.active(), required=False, allow_null=True
    )

    def validate_title(self, title: str) -> str:
        return _needed(title)

    def validate_type(self, name: str) -> str:
        return _needed(name)

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the event."""
        columns = dict(self.validated_data)
        for name in ("location", "online_url", "description"):
            if name in columns:
                columns[name] = columns[name] or ""
        if "owner_id" in columns:
            columns["owner_id"] = columns["owner_id"] and columns["owner_id"].pk
        return columns


def _needed(text: str) -> str:
    if not text:
        raise serializers.ValidationError("This field is needed.")
    return text


class AnswerSerializer(serializers.Serializer):
    """Whether somebody comes."""

    status = serializers.ChoiceField(choices=ANSWERS)


class InviteSerializer(serializers.Serializer):
    """Whom an invitation is mailed to: whom none has reached, who has not answered, or everybody
    but who declined."""

    whom = serializers.ChoiceField(choices=[NEW, UNANSWERED, EVERYBODY], default=NEW)


class InvitedSerializer(serializers.Serializer):
    """How many mails are on their way."""

    count = serializers.IntegerField()


class NewAttendeeSerializer(serializers.Serializer):
    """Who is put on the list: a contact or a colleague, one of the two."""

    contact_id = serializers.IntegerField(required=False, allow_null=True)
    user_id = serializers.IntegerField(required=False, allow_null=True)
    send_invitation = serializers.BooleanField(default=True)
