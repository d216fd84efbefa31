from __future__ import annotations

from django.contrib import admin

from core.back_office import ReadOnlyAdmin
from prospects.imports.models import ImportJob


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    """Files of prospects: planned, looked at, applied."""

    list_display = ("file_name", "status", "rows_read", "rows_applied", "created_by", "created_at")
    list_filter = ("status",)
    list_select_related = ("created_by",)
    ordering = ("-created_at", "-pk")
