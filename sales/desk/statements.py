"""The accounts of people and companies as pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.companies.models import Company
from core.tenancy import current_tenant, enter_tenant
from prospects.contacts.models import Contact
from sales.desk.tables import account_table
from sales.documents.sheets import amount_text
from sales.payments.statement import Day, statement_of_company, statement_of_contact


def contact_statement(request: Any, pk: int) -> HttpResponse:
    """What a person was billed and paid."""
    people = Contact.objects.select_related("tenant")
    return _page(request, people, pk, statement_of_contact, "prospects_contact_change")


def company_statement(request: Any, pk: int) -> HttpResponse:
    """What the people of a company were billed and paid."""
    companies = Company.objects.select_related("tenant", "prospect")
    return _page(request, companies, pk, statement_of_company, "clients_company_change")


def _page(request: Any, rows: Any, pk: int, statement_of: Any, back: str) -> HttpResponse:
    if not request.user.has_perm("sales.view_invoice"):
        raise PermissionDenied
    whose = rows.visible_to(request.user).filter(pk=pk).first()
    site = admin.site.each_context(request)
    if whose is None:
        context = {**site, "title": _("Not found")}
        return TemplateResponse(request, "back_office/not_found.html", context, status=404)
    if current_tenant() is None:
        enter_tenant(whose.tenant_id)
    tenant = whose.tenant
    account = statement_of(pk, Day(timezone.localdate(timezone=tenant.zone), tenant.time_zone))
    context = {
        **site,
        "title": _("Statement of account"),
        "whose": whose,
        "back": f"admin:{back}",
        "totals": [_shown(sums) for sums in account["totals"]],
        "entries": account_table(account),
    }
    return TemplateResponse(request, "sales/statement.html", context)


def _shown(sums: dict[str, Any]) -> dict[str, str]:
    currency = sums["currency"]
    amounts = {name: amount_text(sums[name], currency) for name in sums if name != "currency"}
    return {"currency": currency, "is_late": sums["overdue"] > 0, **amounts}
