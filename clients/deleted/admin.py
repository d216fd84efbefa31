from __future__ import annotations

from django.contrib import admin

from clients.companies.services import restore_company
from clients.deleted.models import DeletedCompany
from core.back_office_restoring import RestoringAdmin


@admin.register(DeletedCompany)
class DeletedCompanyAdmin(RestoringAdmin):
    """The clients that were deleted, the latest first. Their cards come back with them."""

    delete_permission = "clients.delete_company"
    list_display = ("__str__", "tax_id", "balance", "deleted_at")
    list_select_related = ("prospect",)
    fields = ("prospect", "tax_id", "balance", "created_at", "deleted_at")

    def restore_row(self, pk: int) -> None:
        restore_company(company_id=pk)
