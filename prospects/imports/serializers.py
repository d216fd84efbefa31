"""Shapes of the batch API for the schema. Rows are read one by one, not refused as a whole."""

from __future__ import annotations

from rest_framework import serializers

from prospects.imports.models import ImportJob, ImportRow
from prospects.pipeline.models import AccountType, Prospect


class BatchRowSerializer(serializers.Serializer):
    """One row; every field is optional, one of name, company, email, phone, external_id is not."""

    name = serializers.CharField(required=False)
    company = serializers.CharField(required=False)
    email = serializers.EmailField(required=False)
    phone = serializers.IntegerField(required=False, help_text="Number or text")
    code = serializers.IntegerField(required=False, help_text="Country calling code")
    locale = serializers.IntegerField(required=False)
    type = serializers.ChoiceField(required=False, choices=Prospect.Type.choices)
    monthly_shipments = serializers.CharField(required=False, help_text="Number or band: 100-500")
    follow_up_id = serializers.IntegerField(required=False)
    created_by = serializers.IntegerField(required=False, help_text="The owner; else the caller")
    external_id = serializers.CharField(required=False)
    channel = serializers.CharField(required=False)
    account_type = serializers.ChoiceField(required=False, choices=AccountType.choices)
    account_value = serializers.DecimalField(required=False, max_digits=14, decimal_places=2)
    ecommerce_type_id = serializers.IntegerField(required=False)
    weight_id = serializers.IntegerField(required=False)
    content_id = serializers.IntegerField(required=False)
    plan_type_id = serializers.IntegerField(required=False)
    lead_status_id = serializers.IntegerField(required=False)
    campaign_id = serializers.IntegerField(required=False)
    estimated_close_date = serializers.DateField(required=False)
    annotations = serializers.CharField(required=False)


class UpdateSerializer(BatchRowSerializer):
    """A row whose card exists, and what it would change there."""

    id = serializers.IntegerField()
    changes = serializers.DictField()


class RowErrorSerializer(serializers.Serializer):
    """Why a row was refused."""

    row = serializers.IntegerField(help_text="Counts from 0")
    email = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
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
