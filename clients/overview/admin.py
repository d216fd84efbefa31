from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from clients.companies.details import read_tax_id
from clients.companies.models import Company
from clients.companies.services import (
    create_company,
    delete_company,
    edit_company,
)
from clients.integrations.admin import IntegrationInline
from clients.onboarding.querysets import for_onboarding
from clients.onboarding.services import note_onboarding
from clients.onboarding.steps import onboarding_shape
from clients.overview.forms import CompanyForm, OnboardingForm
from core.back_office import BackOfficeAdmin, link_row, short_day, show_refusal
from core.back_office_filters import DayRangeFilter
from core.errors import DomainError
from core.values import InvalidValue
from prospects.cards.admin import only_looks
from prospects.pipeline.searching import search_pattern

WHO = ("name", "owner", "tax_id", "email", "phone", "domain")
BUSINESS = ("industry", "employee_range", "annual_revenue")
ACCOUNT = (
    "card",
    ("shown_balance", "tier"),
    ("first_recharge_at", "first_shipment_at"),
    "shown_onboarding",
    "documents",
    "created",
)


@admin.register(Company)
class CompanyAdmin(BackOfficeAdmin):
    """The clients, each with its card. The deleted ones have a list of their own."""

    form = CompanyForm
    list_display = (
        "name",
        "shown_owner",
        "tax_id",
        "tier",
        "shown_balance",
        "first_recharge",
        "created",
    )
    list_filter = (
        "tier",
        ("prospect__owner", RelatedDropdownFilter),
        ("created_at", DayRangeFilter),
        ("first_recharge_at", DayRangeFilter),
    )
    list_select_related = ("prospect__owner",)
    list_fullwidth = True
    ordering = ("-pk",)
    search_fields = ("prospect", "tax_id")  # get_search_results looks
    search_help_text = _("Company, person, email, phone or tax id")
    actions: Any = None  # one at a time: none is deleted by one click too many
    actions_detail = ("onboarding",)
    inlines = (IntegrationInline,)

    # Who sees and does what ------------------------------------------------------------------
    def get_queryset(self, request: Any) -> Any:
        companies = super().get_queryset(request).visible_to(request.user)
        return companies.select_related("prospect__owner")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        pattern = search_pattern(search_term)
        if not pattern:
            return queryset, False
        found = Q(prospect__search_text__like=pattern)
        with suppress(InvalidValue):  # too long for a tax id
            found |= Q(tax_id=read_tax_id(search_term), tax_id__gt="")
        return queryset.filter(found), False

    def has_change_permission(self, request: Any, obj: Company | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or not only_looks(request, obj.prospect_id)

    def has_onboarding_permission(self, request: Any, object_id: Any = None) -> bool:
        company = self.get_object(request, str(object_id))
        return company is not None and self.has_change_permission(request, company)

    # The form --------------------------------------------------------------------------------
    def get_fieldsets(self, request: Any, obj: Company | None = None) -> Any:
        may_change = obj is None or self.has_change_permission(request, obj)
        who = WHO if may_change else ("name", "shown_owner", *WHO[2:])
        tabs: list[Any] = [(_("Who"), who), (_("Business"), BUSINESS)]
        tabs += [(_("Account"), ACCOUNT)] if obj else []
        return [(name, {"classes": ["tab"], "fields": fields}) for name, fields in tabs]

    def get_readonly_fields(self, request: Any, obj: Company | None = None) -> Any:
        derived = ("card", "shown_balance", "tier", "first_recharge_at", "first_shipment_at")
        return (*derived, "shown_onboarding", "documents", "created") if obj else ()

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        mine = {} if request.user.is_superuser else {"owner": request.user.pk}
        return {**mine, **super().get_changeform_initial_data(request)}

    # What is written -------------------------------------------------------------------------
    def save_model(self, request: Any, obj: Company, form: Any, change: bool) -> None:
        at, card, details = timezone.now(), form.card(), form.details()
        if change:
            edit_company(company_id=obj.pk, details=details, card=card, at=at, seen_by=request.user)
            return
        made = create_company(card=card, details=details, at=at, by=request.user)
        obj.pk, obj.prospect = made.pk, made.prospect

    def delete_model(self, request: Any, obj: Company) -> None:
        delete_company(company_id=obj.pk, at=timezone.now(), seen_by=request.user)

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """Nothing vanishes with a company: it can be brought back with all that hangs on it."""
        return [str(company) for company in objs], {}, set(), []

    def delete_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(reverse("admin:clients_company_change", args=(object_id,)))

    @action(
        description=_("Onboarding"),
        url_path="onboarding",
        icon="checklist",
        permissions=["onboarding"],
    )
    def onboarding(self, request: Any, object_id: str) -> HttpResponse:
        company = self.get_object(request, object_id)
        if company is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        back = reverse("admin:clients_company_change", args=(company.pk,))
        facts = for_onboarding(Company.objects.filter(pk=company.pk)).get()
        form = OnboardingForm(request.POST or None, facts=facts)
        if request.method == "POST" and form.is_valid():
            asked: dict[str, Any] = {"company_id": company.pk, "seen_by": request.user}
            try:
                note_onboarding(at=timezone.now(), **asked, **form.noted())
            except DomainError as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(request, _("The onboarding is noted."))
                return redirect(back)
        return self.form_page(request, form, title=str(company), back=back)

    # Columns ---------------------------------------------------------------------------------
    @display(description=_("name"), ordering="prospect__company_name")
    def name(self, company: Company) -> str:
        return company.name

    @display(description=_("owner"), ordering="prospect__owner__name")
    def shown_owner(self, company: Company) -> str:
        return str(company.prospect.owner or "-")

    @display(description=_("balance"), ordering="balance")
    def shown_balance(self, company: Company) -> str:
        return f"{company.balance:,.2f} {company.balance_currency}".strip()

    @display(description=_("first recharge"), ordering="first_recharge_at")
    def first_recharge(self, company: Company) -> str:
        return short_day(company.first_recharge_at)

    @display(description=_("created"), ordering="created_at")
    def created(self, company: Company) -> str:
        return short_day(company.created_at)

    @display(description=_("card"))
    def card(self, company: Company) -> Any:
        path = reverse("admin:prospects_prospect_change", args=(company.prospect_id,))
        return format_html('<a class="text-primary-600" href="{}">{}</a>', path, company.prospect)

    @display(description=_("onboarding"))
    def shown_onboarding(self, company: Company) -> str:
        rows = Company.objects.filter(pk=company.pk)
        shape = onboarding_shape(for_onboarding(rows).get())
        return f"{shape['status'].label} · {shape['progress']} %"

    @display(description=_("documents"))
    def documents(self, company: Company) -> str:
        account = reverse("admin:sales_company_statement", args=(company.pk,))
        return link_row([(_("statement of account"), account)])
