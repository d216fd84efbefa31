"""What is sent to add, change and find a person of a card."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.fields import AddressField, LineField
from prospects.contacts.models import split_name
from prospects.contacts.serializers import phone_columns

NEEDED = ("name", "email", "phone_code", "phone")


class ContactWriteSerializer(serializers.Serializer):
    """A new person: all but the position is needed. For a change, what is sent counts."""

    name = LineField(max_length=255)
    email = AddressField()
    phone_code = LineField(max_length=8)
    phone = LineField(max_length=40)
    position = LineField(max_length=255, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        blank = [name for name in NEEDED if not attrs.get(name)]
        if blank and not self.partial:
            raise serializers.ValidationError(dict.fromkeys(blank, "This field is needed."))
        return {**attrs, **self._phone(attrs)} if {"phone", "phone_code"} & attrs.keys() else attrs

    def _phone(self, attrs: dict[str, Any]) -> dict[str, str]:
        """Read code and number together: what is not sent is the person's."""
        person = self.context.get("person")
        code = attrs.get("phone_code", getattr(person, "phone_code", ""))
        number = attrs.get("phone", getattr(person, "phone", ""))
        return phone_columns(code, number, region=self.context["request"].user.tenant.country_code)

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the contact."""
        sent = {name: value or "" for name, value in self.validated_data.items()}
        return {**(split_name(sent.pop("name")) if "name" in sent else {}), **sent}


class ContactTargetSerializer(serializers.Serializer):
    """Whom a change is about: see ContactsView.put."""

    isDefault = serializers.BooleanField(required=False, default=False)
    id = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class ContactChangeSerializer(ContactTargetSerializer):
    """The body of a change, for the schema."""

    name = serializers.CharField(required=False, max_length=255)
    email = serializers.CharField(required=False, max_length=254)
    phone_code = serializers.CharField(required=False, max_length=8)
    phone = serializers.CharField(required=False, max_length=40)
    position = serializers.CharField(required=False, max_length=255)
