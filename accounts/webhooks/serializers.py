from __future__ import annotations

from rest_framework import serializers

from accounts.webhooks.models import WebhookDelivery, WebhookEndpoint


class WebhookSerializer(serializers.ModelSerializer):
    """An endpoint. Its secret is shown when it is made, and never again."""

    class Meta:
        model = WebhookEndpoint
        fields = ["id", "url", "events", "is_active", "failing_since", "created_at"]
        read_only_fields = fields


class NewWebhookSerializer(WebhookSerializer):
    """An endpoint with its secret: keep it, it is shown this once."""

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class WebhookWriteSerializer(serializers.Serializer):
    """An address and the names of the events it is told of."""

    url = serializers.CharField(max_length=500)
    events = serializers.ListField(
        child=serializers.CharField(max_length=60), allow_empty=False, max_length=100
    )
    is_active = serializers.BooleanField(required=False)


class WebhookDeliverySerializer(serializers.ModelSerializer):
    """An event on its way to an endpoint, and what was answered to its last attempt."""

    message_id = serializers.CharField(read_only=True)

    class Meta:
        model = WebhookDelivery
        fields = [
            *("id", "message_id", "event", "data", "status", "attempts", "due_at"),
            *("answer_status", "answer", "sent_at", "created_at"),
        ]
        read_only_fields = fields


class WebhookEventSerializer(serializers.Serializer):
    """Something that endpoints can be told of."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
