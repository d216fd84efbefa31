from __future__ import annotations

from typing import Any

from django.contrib import admin

from core.back_office import BackOfficeAdmin
from prospects.catalogs.models import Locale
from prospects.catalogs.services import CATALOGS


@admin.register(*CATALOGS.values())
class CatalogAdmin(BackOfficeAdmin):
    """One list of choices, in the order in which drop-downs offer them."""

    missed_with_it = ("prospects.ProspectService",)
    list_display = ("name", "position", "is_active")
    list_editable = ("position", "is_active")
    list_filter = ("is_active",)
    fields = ("name", "position", "is_active")
    ordering = ("position", "pk")
    search_fields = ("name",)


@admin.register(Locale)
class LocaleAdmin(BackOfficeAdmin):
    """Countries are shared by all tenants: operators keep them, everybody else reads them."""

    is_of_tenant = False
    list_display = ("name", "country_code", "phone_code", "currency", "rate")
    ordering = ("name", "pk")
    search_fields = ("name", "country_code")

    def has_add_permission(self, request: Any) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)
