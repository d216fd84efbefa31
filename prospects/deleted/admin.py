from __future__ import annotations

from typing import Any

from django.contrib import admin

from core.back_office_restoring import RestoringAdmin
from prospects.deleted.models import DeletedProspect
from prospects.pipeline.deleting import restore_prospect
from prospects.pipeline.searching import search_pattern


@admin.register(DeletedProspect)
class DeletedProspectAdmin(RestoringAdmin):
    """The cards that were deleted, the latest first."""

    delete_permission = "prospects.delete_prospect"
    list_display = ("__str__", "name", "email", "owner", "category", "deleted_at")
    list_select_related = ("owner", "category")
    search_fields = ("search_text",)
    fields = (
        "company_name",
        "name",
        "email",
        ("phone_code", "phone"),
        "type",
        "owner",
        "category",
        "annotations",
        "created_at",
        "deleted_at",
    )

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        return (queryset.filter(search_text__like=pattern) if pattern else queryset), False

    def restore_row(self, pk: int) -> None:
        restore_prospect(prospect_id=pk)
