from __future__ import annotations

from typing import Any

from rest_framework import serializers

from sales.forms.serializers import FormFieldSerializer


class ReceiptSerializer(serializers.Serializer):
    """The answer to a visitor. It looks the same whatever became of what they sent: `contact_id`
    and `assigned_to` are those of a new contact, and lead nowhere for one who was known already
    (what is true stands in `/api/v1/forms/{id}/submissions`)."""

    success = serializers.BooleanField()
    submission_id = serializers.IntegerField()
    contact_id = serializers.IntegerField()
    assigned_to = serializers.CharField(allow_null=True)


class ShownFormSerializer(serializers.Serializer):
    """A form as a page needs it to show it: `form_token` goes back with what is sent."""

    name = serializers.CharField()
    intro = serializers.CharField(allow_blank=True)
    thank_you = serializers.CharField()
    redirect_url = serializers.CharField(allow_blank=True)
    honeypot_field = serializers.CharField()
    form_token = serializers.CharField()
    fields: Any = FormFieldSerializer(many=True)
    texts = serializers.DictField(child=serializers.CharField())
