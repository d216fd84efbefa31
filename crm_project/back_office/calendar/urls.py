from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from crm_project.back_office.calendar.planning import plan
from crm_project.back_office.calendar.views import calendar, log, move


def calendar_urls() -> list[URLPattern]:
    """Pages inside the back office's site."""
    view = admin.site.admin_view
    was_here = RedirectView.as_view(pattern_name="admin:calendar", query_string=True)
    return [
        path("calendar/", view(calendar), name="calendar"),
        path("calendar/move/", view(move), name="calendar_move"),
        path("calendar/log/", view(log), name="calendar_log"),
        path("calendar/plan/", view(plan), name="calendar_plan"),
        path("sales/activity/calendar/", view(was_here)),  # bookmarks
    ]
