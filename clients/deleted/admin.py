from __future__ import annotations

from typing import Any

from django.contrib import admin

from clients.companies.services import restore_company
from clients.deleted.models import DeletedCompany
from core.back_office_restoring import RestoringAdmin
from core.rights import ALL_PROSPECTS


@admin.register(DeletedCompany)
class DeletedCompanyAdmin(RestoringAdmin):
    """The clients that were deleted, the latest first. Their cards come back with them."""

    delete_permission = "clients.delete_company"
    list_display = ("__str__", "tax_id", "balance", "deleted_at")
    list_select_related = ("prospect",)
    ordering = ("-deleted_at", "-pk")
    fields = ("prospect", "tax_id", "balance", "created_at", "deleted_at")

    def get_queryset(self, request: Any) -> Any:
        """Nobody owns a deleted card: they are for who sees every card."""
        rows = super().get_queryset(request)
        return rows if request.user.has_perm(ALL_PROSPECTS) else rows.none()

    def restore_row(self, pk: int) -> None:
        restore_company(company_id=pk)
