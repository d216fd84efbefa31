"""The calendar: follow-ups, activities and events of a month, a week or a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.back_office import CHOOSE_TENANT
from core.errors import DomainError
from core.tenancy import current_tenant
from crm_project.back_office.calendar import activities, follow_ups
from crm_project.back_office.calendar.asked import TEAM, read_asked
from crm_project.back_office.calendar.forms import LogForm, MoveForm
from crm_project.back_office.calendar.kinds import KINDS, kinds_of
from crm_project.back_office.calendar.page import (
    colleagues_of,
    hours_of,
    links_of,
    read_calendar,
    title_of,
)
from crm_project.back_office.calendar.wording import worded
from prospects.followups.models import FollowUpNote


def calendar(request: Any) -> HttpResponse:
    """Show some days. What cannot be read in the address stands for the usual."""
    user = request.user
    offered = kinds_of(user)
    if not offered:
        raise PermissionDenied
    if current_tenant() is None:
        messages.warning(request, CHOOSE_TENANT)
        return redirect("admin:choose_tenant")
    people = colleagues_of(user)
    asked = read_asked(user, request.GET, colleagues=people, offered=offered)
    days = read_calendar(user, asked)
    hours = hours_of(asked, days)
    shown = {
        **admin.site.each_context(request),
        **links_of(user, asked),
        "title": _("Calendar"),
        "asked": asked,
        "heading": title_of(asked),
        "days": days,
        "hours": hours,
        "columns": [(day, day.slots(hours)) for day in days if hours],
        "colleagues": [(pk, name, str(pk) == asked.whose) for pk, name in people.items()],
        "names_owners": asked.whose == TEAM,
        "actions": FollowUpNote.Action.choices,
        "may_plan": user.has_perms(follow_ups.ADD),
        "may_add": user.has_perm(activities.ADD),
    }
    return TemplateResponse(request, "crm_project/calendar.html", shown)


def answering(form_class: type[forms.Form]) -> Callable[[Any], Any]:
    """A view that a script posts to: it does one thing and says so, or why it did not."""

    def decorate(do: Callable[[Any, Any, datetime], str]) -> Callable[[Any], HttpResponse]:
        @wraps(do)
        def answer(request: Any) -> HttpResponse:
            form = form_class(request.POST)
            if current_tenant() is None:
                return _refused("no_tenant", str(CHOOSE_TENANT), 409)
            if not form.is_valid():
                texts = [f"{name}: {text}" for name, some in form.errors.items() for text in some]
                return _refused("invalid", " ".join(texts), 400)
            try:
                message = do(request.user, form, timezone.now())
            except DomainError as refusal:
                return _refused(refusal.code, worded(refusal), refusal.status)
            return JsonResponse({"message": message})

        return require_POST(answer)

    return decorate


@answering(MoveForm)
def move(user: Any, form: Any, at: datetime) -> str:
    """Plan something for another day or hour."""
    given, to = form.cleaned_data, form.to()
    KINDS[given["kind"]].move(int(given["id"]), to=to, seen=given["seen"], by=user, at=at)
    return _("Moved to %(day)s.") % {"day": date_format(timezone.localtime(to), "l j F, H:i")}


@answering(LogForm)
def log(user: Any, form: Any, at: datetime) -> str:
    """Note that something was done, what came of it and what is next."""
    given = form.cleaned_data
    to_log = {"given": form.given(), "seen": given["seen"], "by": user, "at": at}
    KINDS[given["kind"]].log(int(given["id"]), **to_log)
    return _("The result is written down.")


def _refused(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)
