from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from clients.companies.models import Company
from clients.operations.models import AccountPayment, MonthlyTier, Shipment
from clients.operations.services import save_operation
from core.back_office import BackOfficeAdmin
from prospects.pipeline.searching import search_pattern


class OfCompanyAdmin(BackOfficeAdmin):
    """What a company did, to be corrected by hand; else it comes by `import_operations`."""

    autocomplete_fields = ("company",)
    list_select_related = ("company__prospect",)
    ordering = ("-pk",)  # by its key: there may be ten million rows
    search_fields = ("company",)  # get_search_results looks
    search_help_text = _("Company, person, email or phone")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        if not pattern:
            return queryset, False
        companies = Company.objects.filter(prospect__search_text__like=pattern)
        return queryset.filter(self.matching(search_term, companies)), False

    def matching(self, search_term: str, companies: Any) -> Q:
        """The condition on rows: theirs are the companies that the search finds."""
        return Q(company__in=companies)

    def get_queryset(self, request: Any) -> Any:
        rows = super().get_queryset(request).filter(company__deleted_at__isnull=True)
        return rows.visible_to(request.user)


class OperationAdmin(OfCompanyAdmin):
    """What moves a balance: written by the service, which knows the account's currency."""

    search_help_text = _("External id; or company, person, email or phone")

    def matching(self, search_term: str, companies: Any) -> Q:
        return super().matching(search_term, companies) | Q(external_id=search_term.strip())

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        save_operation(operation=obj)


@admin.register(AccountPayment)
class AccountPaymentAdmin(OperationAdmin):
    """The recharges of the clients' accounts."""

    list_display = ("company", "amount", "currency", "method", "paid_at", "external_id")
    list_filter = ("currency",)
    fields = ("company", "amount", "currency", "method", "paid_at", "external_id")


@admin.register(Shipment)
class ShipmentAdmin(OperationAdmin):
    """The shipments of the clients."""

    list_display = ("company", "charge", "currency", "carrier", "shipped_at", "external_id")
    fields = ("company", "charge", "currency", "carrier", "shipped_at", "external_id")


@admin.register(MonthlyTier)
class MonthlyTierAdmin(OfCompanyAdmin):
    """How much clients shipped, month by month; the latest is the company's tier."""

    list_display = ("company", "shown_month", "tier")
    list_filter = ("tier",)
    fields = ("company", "month", "tier")

    @display(description=_("month"), ordering="month")
    def shown_month(self, tier: MonthlyTier) -> str:
        return f"{tier.month:%Y-%m}"
