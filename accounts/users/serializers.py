from __future__ import annotations

from rest_framework import serializers

from accounts.users.models import User


class UserSerializer(serializers.ModelSerializer):
    """A colleague, as the sales API shows them."""

    avatar_url = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name", "email", "role", "avatar_url"]
        read_only_fields = fields

    def get_avatar_url(self, user: User) -> str | None:
        """No pictures are kept yet: always null."""
        return None
