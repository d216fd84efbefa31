"""Shapes of the batch API for the schema. Rows are read one by one, not refused as a whole."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from prospects.imports.models import ImportJob, ImportRow
from prospects.pipeline.models import AccountType


@extend_schema_field({"type": ["string", "number", "boolean", "object", "array", "null"]})
class SentField(serializers.Field):
    """A value as it is sent: a text or a number; anything else is an error of its row alone."""

    def __init__(self, help_text: str = "", *, required: bool = False) -> None:
        super().__init__(required=required, help_text=help_text)


class BatchRowSerializer(serializers.Serializer):
    """One row; every field is optional, one of name, company, email, phone, external_id is not."""

    name = SentField()
    company = SentField()
    email = SentField()
    phone = SentField()
    code = SentField("Country calling code")
    locale = SentField("Id of a country")
    type = SentField("1 prospect (default), 2 client, 3 partner")
    monthly_shipments = SentField("Number or band: 100-500")
    follow_up_id = SentField()
    created_by = SentField("The owner; else the caller")
    external_id = SentField()
    channel = SentField()
    account_type = SentField(", ".join(AccountType.values))
    account_value = SentField()
    ecommerce_type_id = SentField()
    weight_id = SentField()
    content_id = SentField()
    plan_type_id = SentField()
    lead_status_id = SentField()
    campaign_id = SentField()
    estimated_close_date = SentField("YYYY-MM-DD")
    annotations = SentField()


class _OpenRow(OpenApiSerializerExtension):
    """Rows may have columns that nobody reads; they are echoed."""

    target_class = BatchRowSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        shape = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**shape, "additionalProperties": {}}


class UpdateSerializer(BatchRowSerializer):
    """A row whose card exists, and what it would change there."""

    id = serializers.IntegerField()
    changes = serializers.DictField()


class RowErrorSerializer(serializers.Serializer):
    """Why a row was refused."""

    row = serializers.IntegerField(help_text="Counts from 0")
    email = SentField(required=True)
    phone = SentField(required=True)
    code = serializers.CharField()
    message = serializers.CharField()
    existing_id = serializers.IntegerField(required=False)


class ProcessedSerializer(serializers.Serializer):
    """What would become of a batch."""

    inserts = BatchRowSerializer(many=True)
    updates = UpdateSerializer(many=True)
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]


class InsertedSerializer(serializers.Serializer):
    """A card that was created."""

    id = serializers.IntegerField()
    email = serializers.CharField(allow_null=True)
    row = serializers.IntegerField()


class CreatedSerializer(serializers.Serializer):
    """What became of a batch."""

    inserts = InsertedSerializer(many=True)
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]


class RefusedBatchSerializer(serializers.Serializer):
    """Every row is a duplicate; or, without `errors`, another conflict."""

    statusCode = serializers.IntegerField()
    error = serializers.CharField()
    message = serializers.CharField()
    inserts = InsertedSerializer(many=True, required=False)
    errors = RowErrorSerializer(many=True, required=False)  # type: ignore[assignment]


class UploadSerializer(serializers.Serializer):
    """A file, and how its rows are to be taken."""

    file = serializers.FileField(allow_empty_file=True)
    mapping = serializers.CharField(
        required=False, max_length=100_000, help_text='JSON: {"column": "field"}'
    )
    constants = serializers.CharField(
        required=False, max_length=100_000, help_text='JSON: {"field": "value"}'
    )
    update = serializers.BooleanField(required=False, default=False)  # type: ignore[assignment]
    create_users = serializers.BooleanField(required=False, default=False)


class ImportSerializer(serializers.Serializer):
    """A file of prospects and what has become of it."""

    id = serializers.IntegerField()
    file_name = serializers.CharField()
    status = serializers.ChoiceField(choices=ImportJob.Status.choices)
    message = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    mapping = serializers.DictField(child=serializers.CharField())
    constants = serializers.DictField(child=serializers.CharField())
    update = serializers.BooleanField()  # type: ignore[assignment]
    create_users = serializers.BooleanField()
    new_entries = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Rows by verdict")
    rows_read = serializers.IntegerField()
    rows_to_write = serializers.IntegerField()
    rows_applied = serializers.IntegerField()
    rows_undone = serializers.IntegerField()
    rows_spared = serializers.IntegerField()
    created_by = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ImportsSerializer(serializers.Serializer):
    """A page of imports, the newest first."""

    recordsTotal = serializers.IntegerField()
    data = ImportSerializer(many=True)  # type: ignore[assignment]


class ImportRowSerializer(serializers.Serializer):
    """One row of a file, what becomes of it, and why."""

    line = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=ImportRow.Verdict.choices)
    code = serializers.CharField()
    message = serializers.CharField()
    cells = serializers.DictField(child=serializers.CharField())
    changes = serializers.DictField(help_text='{"column": {"from": …, "to": …}}')
    prospect_id = serializers.IntegerField(allow_null=True)
    spared = serializers.ChoiceField(choices=ImportRow.Spared.choices, allow_blank=True)


class ImportRowsSerializer(serializers.Serializer):
    """A page of rows."""

    recordsTotal = serializers.IntegerField()
    recordsFiltered = serializers.IntegerField()
    data = ImportRowSerializer(many=True)  # type: ignore[assignment]
