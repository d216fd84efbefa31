from __future__ import annotations

from rest_framework import serializers

from accounts.pictures.addresses import picture_url
from accounts.users.models import User


class UserSerializer(serializers.ModelSerializer):
    """A colleague, as the sales API shows them."""

    avatar_url = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name", "email", "role", "avatar_url"]
        read_only_fields = fields

    def get_avatar_url(self, user: User) -> str | None:
        """Where their picture is; null for none."""
        return picture_url(user.avatar_id)


class ProfileSerializer(serializers.Serializer):
    """What somebody says of themselves."""

    name = serializers.CharField(max_length=255)


class LeavingSerializer(serializers.Serializer):
    """Who gets what somebody looked after; null: nobody, it stays theirs."""

    hand_over_to = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, allow_null=True, default=None
    )


class LeftSerializer(serializers.Serializer):
    """Who has left, and how much of what they looked after changed hands."""

    data = UserSerializer()  # type: ignore[assignment]
    handed_over = serializers.DictField(child=serializers.IntegerField())
