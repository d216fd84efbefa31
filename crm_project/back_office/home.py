"""The back office's first page: the day of whoever signed in, or of their team."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.rights import ALL_PROSPECTS
from core.tenancy import current_tenant
from crm_project.back_office.my_day import panels_of

MINE, TEAM = "mine", "team"


def fill(request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """Put the panels into the page; django-unfold calls this.

    Who sees everybody's cards starts with the team's day and may turn to their own.
    """
    may_choose = request.user.has_perm(ALL_PROSPECTS)
    is_team = may_choose and request.GET.get("whose") != MINE
    panels = []
    if current_tenant() is not None:
        panels = panels_of(request.user, is_team=is_team)
    shown = {"panels": panels, "may_choose": may_choose, "is_team": is_team}
    return {**context, **shown, "title": _("Home")}
