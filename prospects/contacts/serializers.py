from __future__ import annotations

from rest_framework import serializers

from core.phones import InvalidPhone, to_e164


class ContactSerializer(serializers.Serializer):
    """A person, as the CRM API shows them."""

    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    phone_code = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    position = serializers.CharField(allow_blank=True)
    isDefault = serializers.BooleanField(source="is_primary")


def phone_columns(code: object, number: object, *, region: str) -> dict[str, str]:
    """Return a phone as it is stored; without a number there is no code either.

    :param region: ISO code of the country that counts without a code.
    :raises ValidationError: it is not a phone number; beside the field `phone`.
    """
    if not number:
        return {"phone_code": "", "phone": ""}
    try:
        phone = to_e164(code or None, number, region)
    except InvalidPhone as error:
        raise serializers.ValidationError({"phone": str(error)}) from error
    return {"phone_code": phone.code, "phone": phone.national}
