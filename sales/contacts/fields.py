"""What is sent of a contact and needs more than one column, or a shape of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.emails import InvalidEmail, normalize_email
from core.phones import InvalidPhone, to_e164
from core.values import InvalidValue, clean_text

MOST_ADDRESSES = 20
MOST_FIELDS = 50
LONGEST_KEY = 100
LONGEST_VALUE = 1000
# What a JSON number holds exactly, wherever it is read.
MOST_DIGITS = 15
LONGEST_PHONE = 40
LONGEST_TYPE = 20


class _ListField(serializers.Field):
    """A list of objects with one `key`, or of plain texts; what is there twice is kept once."""

    key: str

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            raise serializers.ValidationError("Must be a list.")
        if len(data) > MOST_ADDRESSES:
            raise serializers.ValidationError(f"At most {MOST_ADDRESSES}.")
        read: list[Any] = []
        errors: dict[Any, Any] = {}
        for number, each in enumerate(data):
            try:
                entry = self.read(each if isinstance(each, dict) else {self.key: each})
            except ValueError as error:
                errors[number] = {self.key: [f"{str(error).rstrip('.')}."]}
                continue
            if not any(self.is_same(entry, other) for other in read):
                read.append(entry)
        if errors:
            raise serializers.ValidationError(errors)
        return read

    def to_representation(self, value: Any) -> Any:
        return value

    def read(self, entry: dict[str, Any]) -> Any:
        """Return an entry as it is stored. Raises ValueError."""
        raise NotImplementedError

    def is_same(self, entry: Any, other: Any) -> bool:
        return bool(entry == other)


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_ADDRESSES,
        "items": {"type": ["object", "string"], "properties": {"email": {"type": "string"}}},
    }
)
class EmailsField(_ListField):
    """`[{"email": "a@b.com"}]`, the first one first; as a list of addresses in their one form."""

    key = "email"

    def read(self, entry: dict[str, Any]) -> str:
        try:
            return normalize_email(entry.get(self.key))
        except InvalidEmail as error:
            raise ValueError(str(error)[:1].upper() + str(error)[1:]) from error


@extend_schema_field(
    {
        "type": "array",
        "maxItems": MOST_ADDRESSES,
        "items": {
            "type": ["object", "string"],
            "properties": {"phone": {"type": "string"}, "type": {"type": "string"}},
        },
    }
)
class PhonesField(_ListField):
    """`[{"phone": "+52 81 8765 4321", "type": "office"}]`, as `{code, phone, type}` each."""

    key = "phone"

    def read(self, entry: dict[str, Any]) -> dict[str, str]:
        region = self.context["request"].user.tenant.country_code
        number = entry.get(self.key)
        try:
            phone = to_e164(entry.get("code"), clean_text(number, LONGEST_PHONE), region)
            kind = clean_text(entry.get("type"), LONGEST_TYPE)
        except (InvalidPhone, InvalidValue) as error:
            raise ValueError(str(error)[:1].upper() + str(error)[1:]) from error
        return {"code": phone.code, "phone": phone.national, "type": kind}

    def is_same(self, entry: Any, other: Any) -> bool:
        return bool((entry["code"], entry["phone"]) == (other["code"], other["phone"]))


@extend_schema_field(
    {
        "type": "object",
        "maxProperties": MOST_FIELDS,
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    }
)
class CustomFieldsField(serializers.Field):
    """A flat object: at most 50 keys; texts, numbers, true, false and null as values."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Must be an object.")
        if len(data) > MOST_FIELDS:
            raise serializers.ValidationError(f"At most {MOST_FIELDS} fields.")
        read, errors = {}, {}
        for key, value in data.items():
            try:
                read[_key(key)] = _value(value)
            except InvalidValue as error:
                errors[key[:LONGEST_KEY]] = [f"It {error}."]
        if errors:
            raise serializers.ValidationError(errors)
        return read

    def to_representation(self, value: Any) -> Any:
        return value


def _key(key: str) -> str:
    name = clean_text(key, LONGEST_KEY)
    if not name:
        raise InvalidValue("needs a name")
    return name


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value, LONGEST_VALUE)
    if isinstance(value, int | Decimal):
        return plain_number(Decimal(value))
    raise InvalidValue("must be a text, a number, true, false or null")


def plain_number(number: Decimal) -> int | float:
    """The number as JSON keeps it: up to 15 digits go through a float and come back the same.

    Raises InvalidValue.
    """
    _sign, digits, exponent = number.normalize().as_tuple()
    if len(digits) > MOST_DIGITS or not -MOST_DIGITS <= int(exponent) <= MOST_DIGITS:
        raise InvalidValue(f"cannot have more than {MOST_DIGITS} digits")
    return int(number) if number == number.to_integral_value() else float(number)
