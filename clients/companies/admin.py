from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.companies.models import Company
from core.back_office import OfCardMixin, ReadOnlyAdmin
from prospects.pipeline.searching import search_pattern


@admin.register(Company)
class CompanyAdmin(OfCardMixin, ReadOnlyAdmin):
    """The clients, each with its card."""

    list_display = ("prospect", "tax_id", "tier", "balance", "first_recharge_at", "created_at")
    list_filter = ("tier",)
    list_select_related = ("prospect",)
    ordering = ("-created_at", "-pk")
    search_fields = ("prospect", "tax_id")  # get_search_results looks
    search_help_text = _("Company, person, email, phone or tax id")
    fields = (
        "prospect",
        "tax_id",
        "tier",
        "balance",
        "first_recharge_at",
        "first_shipment_at",
        "created_at",
    )

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern, tax_id = search_pattern(search_term), search_term.strip().upper()
        if not pattern:
            return queryset, False
        return queryset.filter(Q(prospect__search_text__like=pattern) | Q(tax_id=tax_id)), False
