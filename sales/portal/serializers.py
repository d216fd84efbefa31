from __future__ import annotations

from rest_framework import serializers

from sales.mailing.models import DocumentMail
from sales.mailing.serializers import DeliverySerializer
from sales.portal.models import ClientAct


class ClientActSerializer(serializers.ModelSerializer):
    """What a client did by a link, and from where; the hash is that of the PDF they were shown."""

    class Meta:
        model = ClientAct
        fields = [
            *("action", "done_at", "name", "reason", "ip_address", "user_agent", "shown_sha256"),
        ]


class MailSerializer(DeliverySerializer):
    """A mail of a document, and what was done by its link."""

    id = serializers.IntegerField()
    purpose = serializers.ChoiceField(choices=DocumentMail.Purpose.choices)
    message = serializers.CharField(allow_blank=True)
    message_id = serializers.CharField()
    created_at = serializers.DateTimeField()
    acts = ClientActSerializer(many=True)
