from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import AddressField, LineField
from core.api.views import read_body
from sales.mailing.models import LONGEST_MESSAGE, LONGEST_SUBJECT, DocumentMail
from sales.mailing.services import Letter


class DeliverySerializer(serializers.Serializer):
    """What became of the last mail of a document, and until when its link works."""

    status = serializers.ChoiceField(choices=DocumentMail.Status.choices)
    to = serializers.CharField(source="recipient", allow_blank=True)
    subject = serializers.CharField()
    sent_at = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField(source="answer", allow_blank=True)
    attempts = serializers.IntegerField()
    viewed_at = serializers.DateTimeField(allow_null=True)
    link_valid_until = serializers.DateTimeField(source="valid_until", allow_null=True)


COLUMNS = (
    *("status", "recipient", "subject", "sent_at", "answer", "attempts", "viewed_at"),
    "valid_until",
)


class DeliveredSerializer(serializers.Serializer):
    """A document whole, with what became of its last mail; null if it was never sent."""

    KIND: ClassVar[str]

    delivery = serializers.SerializerMethodField()

    @extend_schema_field(DeliverySerializer(allow_null=True))
    def get_delivery(self, row: dict[str, Any]) -> dict[str, Any] | None:
        mails = DocumentMail.objects.filter(
            **{self.KIND: row["id"]}, purpose=DocumentMail.Purpose.DOCUMENT
        )
        last = mails.order_by("-pk").values(*COLUMNS).first()
        return DeliverySerializer(last).data if last else None


class SendSerializer(serializers.Serializer):
    """How a document is mailed; without an address to the document's contact."""

    to = AddressField(required=False, allow_null=True)
    subject = LineField(max_length=LONGEST_SUBJECT, required=False, allow_null=True)
    message = LineField(max_length=LONGEST_MESSAGE, required=False, allow_null=True)


def read_letter(request: Any) -> Letter:
    """Return how the caller wants a document to be mailed.

    :raises ValidationError: naming each field that is wrong.
    """
    sent = read_body(SendSerializer, request).validated_data
    return Letter(**{name: value for name, value in sent.items() if value})
