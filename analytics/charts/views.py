"""The dashboard in the back office, and the leads behind its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.tenants.models import Tenant
from analytics.charts.describing import describe, preset_links
from analytics.charts.forms import FilterForm, joined
from analytics.charts.numbers import DASHBOARD, dashboard_url, leads_url
from analytics.charts.panels import extra_kpis, kpis, panels
from analytics.charts.tables import LeadsBehind, aging_table, leads_table
from analytics.charts.wording import FIGURES, StageLook, stage_looks
from analytics.dashboard.asking import ask_as, parse_figure
from analytics.dashboard.filters import Filters, parse_filters
from analytics.snapshots.presets import presets
from analytics.snapshots.services import answer_for
from core.back_office import CHOOSE_TENANT
from core.back_office_charts import chart_context
from core.errors import InvalidInput
from core.rights import CRM_MENU
from core.tenancy import current_tenant

PER_PAGE = 50
Page = Callable[[Any, Tenant], HttpResponse]


def for_tenant(page: Page) -> Callable[[Any], HttpResponse]:
    """A page about the tenant acted for, on its clock, for those who may see the menu."""

    @wraps(page)
    def show(request: Any) -> HttpResponse:
        if not request.user.has_perm(CRM_MENU):
            raise PermissionDenied
        tenant_id = current_tenant()
        if tenant_id is None:
            messages.warning(request, CHOOSE_TENANT)
            return redirect("admin:choose_tenant")
        tenant = request.user.tenant or Tenant.objects.get(pk=tenant_id)
        with timezone.override(tenant.zone):
            return page(request, tenant)

    return show


@for_tenant
def dashboard(request: Any, tenant: Tenant) -> HttpResponse:
    """Figures and charts; the last thirty days unless the address says something else."""
    now = timezone.now()
    today = timezone.localdate(now)
    if not request.GET:
        return redirect(dashboard_url(dict(presets(today))["last30"]))
    form = FilterForm(request.GET)
    filters = form.find_filters()
    context = {
        **admin.site.each_context(request),
        "title": _("Dashboard"),
        "form": form,
        "presets": list(preset_links(filters, today)),
    }
    if filters is not None:
        _source, answer = answer_for(request.user, tenant, filters, at=now)
        payload = json.loads(answer.payload, parse_float=Decimal)
        form.offer_people(payload["by_executive"])
        context |= _figures(payload, filters, form.looks) | {"computed_at": answer.computed_at}
    return render(request, "analytics/dashboard.html", context)


def _figures(
    payload: dict[str, Any], filters: Filters, looks: dict[str, StageLook]
) -> dict[str, Any]:
    return {
        "is_empty": not payload["kpis"]["total_leads"]["current"],
        "narrowed": list(describe(filters, looks)),
        "kpis": list(kpis(payload)),
        "extra_kpis": list(extra_kpis(payload)),
        **chart_context(panels(payload, looks)),
        "aging": aging_table(payload, looks),
        "aging_url": leads_url(payload["rows_url"]["active_leads"]),
        "all_time_url": dashboard_url(Filters()),
    }


@for_tenant
def leads(request: Any, tenant: Tenant) -> HttpResponse:
    """The leads that a number of the dashboard counts."""
    query = joined(request.GET)
    try:
        filters, figure = parse_filters(query), parse_figure(query)
    except InvalidInput as refusal:
        messages.error(request, refusal.message)
        return redirect(DASHBOARD)
    behind: Any = LeadsBehind(ask_as(request.user, tenant, filters), figure, timezone.localdate())
    page: Any = Paginator(behind, PER_PAGE).get_page(query.pop("p", "1"))
    looks = stage_looks()
    context = {
        **admin.site.each_context(request),
        "title": FIGURES[figure],
        "said": list(describe(filters, looks)),
        "page": page,
        "table": leads_table(page.object_list, looks, tenant.currency),
        "back": dashboard_url(filters),
    }
    return render(request, "analytics/leads.html", context)
