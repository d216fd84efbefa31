"""From a caller and their filters to a question about leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.tenants.models import Tenant
from analytics.dashboard.conditions import Asked, Figure, Params
from analytics.dashboard.filters import Filters
from analytics.dashboard.stages import Stages
from core.rights import ALL_PROSPECTS
from prospects.board import parameters as read
from prospects.pipeline.models import Prospect


def ask_for_all(tenant: Tenant, filters: Filters) -> Asked:
    """About every lead of the tenant acted for."""
    return Asked(filters, Stages.of_tenant(), tenant.zone)


def ask_as(user: Any, tenant: Tenant, filters: Filters) -> Asked:
    """About the leads of the tenant acted for whose cards a user may see."""
    if user.has_perm(ALL_PROSPECTS):
        return ask_for_all(tenant, filters)
    sql, params = Prospect.objects.visible_to(user).values("pk").query.sql_with_params()
    names = [f"visible_{number}" for number in range(len(params))]
    visible = sql % tuple(f"%({name})s" for name in names)
    given: Params = dict(zip(names, params, strict=True))
    return Asked(filters, Stages.of_tenant(), tenant.zone, visible, given)


def parse_figure(query: Mapping[str, str]) -> Figure:
    """Read which of the leads are meant.

    :raises InvalidInput: no figure is called so.
    """
    words = tuple(figure.value for figure in Figure)
    return Figure(read.choice("figure", query.get("figure") or Figure.LEADS.value, words))
