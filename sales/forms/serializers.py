from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.users.models import User
from core.api.fields import LineField, LinkField
from core.api.serializers import RowSerializer
from sales.forms.models import (
    FIELD_NAME,
    LONGEST_FIELD_NAME,
    LONGEST_LABEL,
    LONGEST_NAME,
    LONGEST_OPTION,
    LONGEST_TEXT,
    LONGEST_URL,
    MOST_SECONDS,
    FormField,
    FormSubmission,
    WebForm,
)
from sales.forms.origins import read_origin

MOST_ORIGINS, MOST_USERS, MOST_FIELDS, MOST_OPTIONS = 50, 100, 50, 100
PLAIN = (
    *("name", "honeypot_field", "opens_prospect", "is_active", "intro", "thank_you"),
    *("redirect_url", "min_seconds", "allowed_origins"),
)


@extend_schema_field({"type": "string", "format": "uri"})
class OriginField(LineField):
    """A site on the web: scheme, host and, if it is an unusual one, port."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_URL, **kwargs)

    def read(self, value: Any) -> Any:
        return read_origin(value)


class FormFieldSerializer(RowSerializer):
    """A question of a form. What is called first_name, last_name, name, company, position, city,
    country or message, and the first email and phone, become those of a new contact; the rest
    stands in its custom fields."""

    name = serializers.CharField(max_length=LONGEST_FIELD_NAME, validators=[FIELD_NAME])
    label: Any = serializers.CharField(max_length=LONGEST_LABEL)
    type = serializers.ChoiceField(choices=FormField.Type.choices, default=FormField.Type.TEXT)
    required: Any = serializers.BooleanField(source="is_required", default=False)
    options = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_OPTION),
        max_length=MOST_OPTIONS,
        default=list,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["type"] == FormField.Type.SELECT and not attrs["options"]:
            raise serializers.ValidationError({"options": "A choice needs some."})
        return attrs


class WebFormWriteSerializer(serializers.Serializer):
    """A form as it is sent; for a change, what is sent counts."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    allowed_origins = serializers.ListField(
        child=OriginField(), max_length=MOST_ORIGINS, required=False
    )
    user_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_USERS,
        required=False,
    )
    honeypot_field = serializers.CharField(
        max_length=LONGEST_FIELD_NAME, validators=[FIELD_NAME], required=False
    )
    opens_prospect = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    intro = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, required=False)
    thank_you = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, required=False)
    redirect_url = LinkField(max_length=LONGEST_URL, required=False, allow_null=True)
    min_seconds = serializers.IntegerField(min_value=0, max_value=MOST_SECONDS, required=False)
    fields: Any = FormFieldSerializer(many=True, required=False)

    def validate_user_ids(self, user_ids: list[int]) -> list[int]:
        known = set(User.objects.active().filter(pk__in=user_ids).values_list("pk", flat=True))
        for user_id in user_ids:
            if user_id not in known:
                raise serializers.ValidationError(f"There is no active colleague {user_id}.")
        return sorted(known)

    def validate_fields(self, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = [field["name"] for field in fields]
        if not 1 <= len(names) <= MOST_FIELDS:
            raise serializers.ValidationError(f"Between 1 and {MOST_FIELDS} fields.")
        if len(set(names)) < len(names):
            raise serializers.ValidationError("Two fields have the same name.")
        return fields

    def parts(self) -> dict[str, Any]:
        """Return what was sent as create_form and edit_form take it."""
        sent = self.validated_data
        values = {name: sent[name] for name in PLAIN if name in sent}
        if "redirect_url" in values:
            values["redirect_url"] = values["redirect_url"] or ""
        if "allowed_origins" in values:
            values["allowed_origins"] = list(dict.fromkeys(values["allowed_origins"]))
        given = {name: sent[name] for name in ("user_ids", "fields") if name in sent}
        return {"values": values, **given}


class WebFormSerializer(serializers.ModelSerializer):
    """A form. `api_key` stands in the addresses to which visitors send it."""

    user_ids = serializers.SerializerMethodField()
    submit_url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()
    fields: Any = FormFieldSerializer(many=True)

    class Meta:
        model = WebForm
        fields = [
            *("id", "name", "api_key", "allowed_origins", "user_ids", "honeypot_field"),
            *("opens_prospect", "is_active", "intro", "thank_you", "redirect_url", "min_seconds"),
            *("fields", "submit_url", "page_url", "created_at", "updated_at"),
        ]

    def get_user_ids(self, form: WebForm) -> list[int]:
        return sorted(member.user_id for member in form.members.all())

    def get_submit_url(self, form: WebForm) -> str:
        return f"{settings.CRM_PUBLIC_URL}/api/forms/{form.api_key}/submit"

    def get_page_url(self, form: WebForm) -> str:
        return f"{settings.CRM_PUBLIC_URL}/f/{form.api_key}"


class FormSubmissionSerializer(serializers.ModelSerializer):
    """What a visitor sent, and what came of it; of what a program sent, why nothing did."""

    prospect_id = serializers.IntegerField(
        source="contact.prospect_id", default=None, allow_null=True
    )
    assigned_to = serializers.IntegerField(source="assigned_to_id", allow_null=True)
    assigned_to_name = serializers.CharField(
        source="assigned_to.name", default=None, allow_null=True
    )
    data: Any = serializers.DictField()

    class Meta:
        model = FormSubmission
        fields = [
            *("id", "form_id", "state", "reason", "data", "contact_id", "prospect_id"),
            *("was_known", "assigned_to", "assigned_to_name", "ip_address", "user_agent"),
            *("origin", "created_at"),
        ]
