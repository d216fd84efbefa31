from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from core.back_office import ReadOnlyAdmin
from prospects.pipeline.searching import search_pattern
from sales.postal_codes.models import Settlement


@admin.register(Settlement)
class SettlementAdmin(ReadOnlyAdmin):
    """Mexico's postal codes, to look one up; `load_postal_codes` loads them."""

    is_of_tenant = False
    list_display = ("code", "name", "municipality", "city", "state")
    fields = list_display
    ordering = ("code", "name", "municipality")
    search_fields = ("code",)  # get_search_results looks
    search_help_text = _("Code, settlement, municipality, city or state, or a part of it")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        if search_term.strip():
            pattern = search_pattern(search_term)
            found = queryset.filter(search_text__like=pattern) if pattern else queryset.none()
            return found, False
        return queryset, False
