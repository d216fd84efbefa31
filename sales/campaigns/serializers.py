from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.users.models import User
from core.api.fields import LineField, MomentField, RowIdField
from prospects.contacts.models import Contact
from sales.mass_mail.counting import MORE, SIX, stats_of
from sales.mass_mail.models import (
    LONGEST_CONTENT,
    LONGEST_SUBJECT,
    Campaign,
    CampaignRecipient,
)
from sales.segments.models import Segment


def _numbers(names: tuple[str, ...]) -> dict[str, Any]:
    properties = {name: {"type": "integer"} for name in names}
    return {"type": ["object", "null"], "properties": properties, "required": list(names)}


class _PageOfCampaigns(serializers.ListSerializer):
    """Counts what became of all campaigns of a page by one statement."""

    def to_representation(self, data: Any) -> Any:
        rows = list(data)
        begun = [row["id"] for row in rows if row["started_at"]]
        known: Any = self.context
        known["stats"] = stats_of(begun) if begun else {}
        return super().to_representation(rows)


class CampaignSerializer(serializers.Serializer):
    """A campaign in a list. `stats` is null until it begins to be sent."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    subject = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=Campaign.Status.choices)
    segment_id = serializers.IntegerField(allow_null=True)
    segment_name = serializers.CharField(allow_null=True)
    scheduled_at = serializers.DateTimeField(allow_null=True)
    stats = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    created_by_name = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    class Meta:
        list_serializer_class = _PageOfCampaigns

    @extend_schema_field(_numbers(SIX))
    def get_stats(self, row: dict[str, Any]) -> dict[str, int] | None:
        return _some(self, row, SIX)


class CampaignDetailSerializer(CampaignSerializer):
    """A campaign whole. `delivery` tells how far it is, `skipped` who of its segment gets none."""

    preheader = serializers.CharField(allow_blank=True)
    content = serializers.CharField(allow_blank=True)
    delivery = serializers.SerializerMethodField()
    skipped = serializers.DictField(child=serializers.IntegerField())
    problem = serializers.CharField(allow_blank=True)

    @extend_schema_field(_numbers(MORE))
    def get_delivery(self, row: dict[str, Any]) -> dict[str, int] | None:
        return _some(self, row, MORE)


def _some(
    serializer: serializers.Serializer, row: dict[str, Any], names: tuple[str, ...]
) -> dict[str, int] | None:
    if not row["started_at"]:
        return None
    context: Any = serializer.context
    known = context.setdefault("stats", {})
    if row["id"] not in known:
        known.update(stats_of([row["id"]]))
    return {name: known[row["id"]][name] for name in names}


class CampaignWriteSerializer(serializers.Serializer):
    """A campaign as it is sent; for a change, what is sent counts."""

    name = LineField(max_length=255)
    subject = LineField(max_length=LONGEST_SUBJECT, required=False, allow_null=True)
    preheader = LineField(max_length=LONGEST_SUBJECT, required=False, allow_null=True)
    content = LineField(max_length=LONGEST_CONTENT, required=False, allow_null=True)
    segment_id = RowIdField(queryset=Segment.objects.all(), required=False, allow_null=True)
    scheduled_at = MomentField(required=False, allow_null=True)

    def validate_name(self, name: str) -> str:
        if not name:
            raise serializers.ValidationError("This field is needed.")
        return name

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the campaign."""
        texts = ("name", "subject", "preheader", "content")
        sent = dict(self.validated_data)
        return {name: (value or "") if name in texts else value for name, value in sent.items()}


class ScheduleSerializer(serializers.Serializer):
    """When a campaign is sent; without it, at the time that it has."""

    scheduled_at = MomentField(required=False, allow_null=True)

    def validate_scheduled_at(self, moment: Any) -> Any:
        if moment is not None and moment <= timezone.now():
            raise serializers.ValidationError("Must be a time to come.")
        return moment


class TestMailSerializer(serializers.Serializer):
    """To which colleague a campaign is mailed, and as which contact would get it."""

    user_id = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.active(), required=False, allow_null=True
    )
    email = LineField(max_length=254, required=False, allow_null=True)
    contact_id = RowIdField(queryset=Contact.objects.all(), required=False, allow_null=True)

    def validate_email(self, email: str) -> Any:
        if not email:
            return None
        user = User.objects.active().filter(email__iexact=email).first()
        if user is None:
            raise serializers.ValidationError("No colleague has this address.")
        return user


class RecipientSerializer(serializers.ModelSerializer):
    """One mail of a campaign, and what its recipient did with it."""

    name = serializers.SerializerMethodField()
    email = serializers.CharField(source="address")
    error = serializers.CharField(source="answer")

    class Meta:
        model = CampaignRecipient
        fields = [
            *("id", "contact_id", "name", "email", "status", "attempts", "error", "sent_at"),
            *("opened_at", "clicked_at", "unsubscribed_at", "bounced_at", "complained_at"),
        ]

    def get_name(self, row: CampaignRecipient) -> str:
        return row.contact.name if row.contact else ""
