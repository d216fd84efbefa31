from __future__ import annotations

from typing import Any

from rest_framework import serializers

from prospects.sharing.explaining import RULES
from prospects.sharing.services import Level


class ShareWriteSerializer(serializers.Serializer):
    """With whom, and what for."""

    user_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    permission = serializers.ChoiceField(choices=Level.choices)


class ShareSerializer(serializers.Serializer):
    """Somebody with whom a card is shared (share_shape makes it)."""

    user_id = serializers.IntegerField()
    user_name = serializers.CharField()
    permission = serializers.ChoiceField(choices=Level.choices)


class AccessSerializer(serializers.Serializer):
    """Somebody who sees a card, and by which rules."""

    user_id = serializers.IntegerField()
    user_name = serializers.CharField(source="name")
    role = serializers.CharField()
    rules = serializers.ListField(child=serializers.ChoiceField(choices=RULES))
    team_roles = serializers.ListField(child=serializers.CharField(), help_text="On its team.")
    can_change = serializers.BooleanField()


def share_shape(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of ShareQuerySet.by_user as ShareSerializer describes it."""
    level = Level.CHANGE if entry["may_change"] else Level.VIEW
    return {"user_id": entry["user_id"], "user_name": entry["user__name"], "permission": level}
