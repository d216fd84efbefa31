from __future__ import annotations

from rest_framework import serializers


class ContactSerializer(serializers.Serializer):
    """A person, as the CRM API shows them."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone_code = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    position = serializers.CharField(allow_blank=True)
    isDefault = serializers.BooleanField(source="is_primary")
