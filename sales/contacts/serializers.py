from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from phonenumbers import PhoneNumber, PhoneNumberFormat, format_number
from rest_framework import serializers

from accounts.users.models import User
from clients.companies.models import Company
from prospects.contacts.models import LifecycleStage
from prospects.pipeline.models import Prospect
from sales.contacts.fields import CustomFieldsField, EmailsField, PhonesField


def _text(max_length: int, **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(
        max_length=max_length, required=False, allow_blank=True, allow_null=True, **kwargs
    )


@extend_schema_field({"type": "integer"})
class _VisibleCompanyField(serializers.PrimaryKeyRelatedField):
    """The id of a company that the caller sees."""

    def get_queryset(self) -> Any:
        cards = Prospect.objects.visible_to(self.context["request"].user)
        return Company.objects.filter(prospect__in=cards.order_by().values("pk"))


class SalesContactWriteSerializer(serializers.Serializer):
    """A new contact; of a known one only what is sent changes."""

    first_name = serializers.CharField(max_length=255)
    last_name = _text(255)
    emails = EmailsField(required=False)
    phones = PhonesField(required=False)
    job_title = _text(255)
    company_id = _VisibleCompanyField(required=False, allow_null=True)
    owner_id = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    lifecycle_stage = serializers.ChoiceField(choices=LifecycleStage.choices, required=False)
    source: Any = _text(100)
    city = _text(255)
    country = _text(100)
    custom_fields = CustomFieldsField(required=False)
    allow_duplicate = serializers.BooleanField(required=False, write_only=True)

    # Wire name → column, of those that are a column as they are.
    COLUMNS = {
        "first_name": "first_name",
        "last_name": "last_name",
        "job_title": "position",
        "lifecycle_stage": "lifecycle_stage",
        "source": "source",
        "city": "city",
        "country": "country",
        "custom_fields": "custom_fields",
    }

    def columns(self) -> dict[str, Any]:
        """Return what was sent as columns of the contact."""
        sent = self.validated_data
        columns = {
            column: "" if sent[name] is None else sent[name]
            for name, column in self.COLUMNS.items()
            if name in sent
        }
        if "owner_id" in sent:
            columns["owner_id"] = sent["owner_id"].pk if sent["owner_id"] else None
        if "emails" in sent:
            first, *more = sent["emails"] or [""]
            columns |= {"email": first, "more_emails": more}
        if "phones" in sent:
            columns |= _phone_columns(sent["phones"])
        return columns

    def company(self) -> dict[str, int | None]:
        """Return the card of the company that was sent as `prospect_id`; nothing if none was."""
        if "company_id" not in self.validated_data:
            return {}
        company = self.validated_data["company_id"]
        return {"prospect_id": company.prospect_id if company else None}


def _phone_columns(phones: list[dict[str, str]]) -> dict[str, Any]:
    first, *more = phones or [{"code": "", "phone": "", "type": ""}]
    return {
        "phone_code": first["code"],
        "phone": first["phone"],
        "phone_type": first["type"],
        "more_phones": more,
    }


class _EmailSerializer(serializers.Serializer):
    """An address."""

    email = serializers.CharField()


class _PhoneSerializer(serializers.Serializer):
    """A phone, as people of its country write it, and of which kind it is."""

    phone = serializers.CharField()
    type = serializers.CharField(allow_blank=True)


class SalesContactSerializer(serializers.Serializer):
    """A contact; made from the columns that rows.py reads."""

    id = serializers.IntegerField()
    first_name = serializers.CharField()
    last_name = serializers.CharField(allow_blank=True)
    full_name = serializers.SerializerMethodField()
    primary_email = serializers.SerializerMethodField()
    primary_phone = serializers.SerializerMethodField()
    emails = serializers.SerializerMethodField()
    phones = serializers.SerializerMethodField()
    job_title = serializers.CharField(source="position", allow_blank=True)
    company_id = serializers.IntegerField(allow_null=True)
    company_name = serializers.CharField(allow_null=True)
    lifecycle_stage = serializers.ChoiceField(choices=LifecycleStage.choices)
    lead_score = serializers.IntegerField(min_value=0, max_value=100)
    owner_id = serializers.IntegerField(source="shown_owner_id", allow_null=True)
    owner_name = serializers.CharField(allow_null=True)
    source: Any = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    custom_fields = serializers.DictField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_full_name(self, row: dict[str, Any]) -> str:
        return f"{row['first_name']} {row['last_name']}".strip()

    def get_primary_email(self, row: dict[str, Any]) -> str | None:
        return row["email"] or None

    def get_primary_phone(self, row: dict[str, Any]) -> str | None:
        return shown_phone(row["phone_code"], row["phone"]) if row["phone"] else None

    @extend_schema_field(_EmailSerializer(many=True))
    def get_emails(self, row: dict[str, Any]) -> list[dict[str, str]]:
        return [{"email": email} for email in (row["email"], *row["more_emails"]) if email]

    @extend_schema_field(_PhoneSerializer(many=True))
    def get_phones(self, row: dict[str, Any]) -> list[dict[str, str]]:
        first = {"code": row["phone_code"], "phone": row["phone"], "type": row["phone_type"]}
        return [
            {"phone": shown_phone(each["code"], each["phone"]), "type": each["type"]}
            for each in (first, *row["more_phones"])
            if each["phone"]
        ]


def shown_phone(code: str, national: str) -> str:
    """Return `+52 55 1234 5678` of 52 and 5512345678."""
    if not code.isdigit():
        return national
    zeros = len(national) - len(national.lstrip("0"))
    number = PhoneNumber(
        country_code=int(code),
        national_number=int(national),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )
    return format_number(number, PhoneNumberFormat.INTERNATIONAL)


class ContactNoteSerializer(serializers.Serializer):
    """A note about a contact."""

    id = serializers.IntegerField()
    body = serializers.CharField(source="note")
    is_pinned = serializers.BooleanField()
    user_id = serializers.IntegerField(source="created_by_id", allow_null=True)
    user_name = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class ContactNoteWriteSerializer(serializers.Serializer):
    """What one writes down about a contact."""

    body = serializers.CharField(max_length=10_000)
    is_pinned = serializers.BooleanField(default=False)
