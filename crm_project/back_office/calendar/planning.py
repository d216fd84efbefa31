"""The page on which a follow-up is planned for a day of the calendar."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.back_office import CHOOSE_TENANT, find_moment, show_refusal
from core.back_office_filters import read_day
from core.errors import DomainError
from core.tenancy import current_tenant
from crm_project.back_office.calendar import follow_ups
from crm_project.back_office.calendar.asked import FIRST_DAY, LAST_DAY, read_asked
from crm_project.back_office.calendar.forms import PlanForm
from crm_project.back_office.calendar.kinds import kinds_of
from crm_project.back_office.calendar.page import colleagues_of
from crm_project.back_office.calendar.wording import worded
from prospects.followups.planning import plan_follow_up

MORNING = time(10)  # when it is proposed, unless an hour was chosen


def plan(request: Any) -> HttpResponse:
    """Ask for a card and what is to be done, plan it, and go back to the calendar."""
    user = request.user
    if not user.has_perms(follow_ups.ADD):
        raise PermissionDenied
    if current_tenant() is None:
        messages.warning(request, CHOOSE_TENANT)
        return redirect("admin:choose_tenant")
    back = _back(user, request.GET)
    initial = {"scheduled_at": _proposed(request.GET), "action": "call", "note": _("Next contact")}
    form = PlanForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _write(user, form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, DomainError(worded(refusal)))
        else:
            messages.success(request, _("The follow-up is planned."))
            return redirect(back)
    context = {
        **admin.site.each_context(request),
        "title": _("Plan a follow-up"),
        "form": form,
        "media": form.media,
        "back": back,
    }
    return TemplateResponse(request, "back_office/form_page.html", context)


def _write(user: Any, given: dict[str, Any]) -> None:
    plan_follow_up(
        prospect_id=given["prospect"].pk,
        note=given["note"],
        action=given["action"],
        scheduled_at=given["scheduled_at"],
        by=user,
        at=timezone.now(),
        seen_by=user,
    )


def _proposed(query: Any) -> datetime:
    """The moment that was clicked in the calendar; for a day alone, its morning."""
    day = read_day(query.get("on")) or timezone.localdate()
    day = min(max(day, FIRST_DAY), LAST_DAY)
    clicked = query.get("clock") and find_moment(f"{day.isoformat()} {query['clock']}")
    return clicked or timezone.make_aware(datetime.combine(day, MORNING))


def _back(user: Any, query: Any) -> str:
    """The calendar as it was left: of the address only what it reads anyhow."""
    asked = read_asked(user, query, colleagues=colleagues_of(user), offered=kinds_of(user))
    return f"{reverse('admin:calendar')}?{asked.query()}"
