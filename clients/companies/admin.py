from __future__ import annotations

from django.contrib import admin

from clients.companies.models import Company
from core.back_office import OfCardMixin, ReadOnlyAdmin


@admin.register(Company)
class CompanyAdmin(OfCardMixin, ReadOnlyAdmin):
    """The clients, each with its card."""

    list_display = ("prospect", "tax_id", "tier", "balance", "first_recharge_at", "created_at")
    list_filter = ("tier",)
    list_select_related = ("prospect",)
    ordering = ("-created_at", "-pk")
    search_fields = ("tax_id",)
    fields = (
        "prospect",
        "tax_id",
        "tier",
        "balance",
        "first_recharge_at",
        "first_shipment_at",
        "created_at",
    )
