from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils import timezone

from core.back_office_restoring import RestoringAdmin
from core.rights import ALL_PROSPECTS
from prospects.pipeline.searching import search_pattern
from sales.deals.services import restore_deal
from sales.deleted.models import DeletedDeal


@admin.register(DeletedDeal)
class DeletedDealAdmin(RestoringAdmin):
    """The deals that were deleted, the latest first."""

    delete_permission = "sales.delete_deal"
    list_display = ("name", "stage", "amount", "currency", "owner", "deleted_at")
    list_select_related = ("stage", "owner")
    ordering = ("-deleted_at", "-pk")
    search_fields = ("search_text",)
    fields = ("name", "amount", "currency", "stage", "owner", "created_at", "deleted_at")

    def get_queryset(self, request: Any) -> Any:
        """They are for who sees every deal."""
        rows = super().get_queryset(request)
        return rows if request.user.has_perm(ALL_PROSPECTS) else rows.none()

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        return (queryset.filter(search_text__like=pattern) if pattern else queryset), False

    def restore_row(self, pk: int) -> None:
        restore_deal(deal_id=pk, at=timezone.now())
