from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path

from analytics.charts.views import dashboard, leads


def back_office_urls() -> list[URLPattern]:
    """Pages inside the back office's site."""
    view = admin.site.admin_view
    return [
        path("analytics/dashboard/", view(dashboard), name="analytics_dashboard"),
        path("analytics/dashboard/leads/", view(leads), name="analytics_dashboard_leads"),
    ]
