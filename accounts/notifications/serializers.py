from __future__ import annotations

from rest_framework import serializers

from accounts.notifications.models import Notification


class NotificationSerializer(serializers.ModelSerializer):
    """Something that the caller was told; `url` is the path of what it is about."""

    class Meta:
        model = Notification
        fields = ["id", "type", "title", "body", "url", "read_at", "created_at"]
        read_only_fields = fields
