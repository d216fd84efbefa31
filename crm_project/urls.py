from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, register_converter
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.converters import IdConverter
from crm_project import health
from crm_project.mcp import views as mcp

register_converter(IdConverter, "id")


def redirect_to_icon(request: HttpRequest) -> HttpResponse:
    """Pages that link no icon, such as those of the documentation, are asked for this one."""
    return redirect(static("crm_project/favicon.svg"))


handler400 = "core.api.errors.bad_request"
handler404 = "core.api.errors.not_found"
handler500 = "core.api.errors.server_error"

# The documentation is for everybody: it shows shapes, never data.
PUBLIC: dict[str, Any] = {"permission_classes": [], "authentication_classes": []}
DOCS: dict[str, Any] = {"url_name": "schema", "template_name": "crm_project/api_docs.html"}

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("favicon.ico", redirect_to_icon),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/schema", SpectacularAPIView.as_view(**PUBLIC), name="schema"),
    path("api/docs", SpectacularSwaggerSplitView.as_view(**PUBLIC, **DOCS)),
    path("mcp", mcp.answer),
    path("", include("accounts.passwords.pages")),
    path("", include("accounts.pictures.public_urls")),
    path("", include("sales.portal.urls")),
    path("", include("sales.postal_codes.urls")),
    path("", include("sales.guests.urls")),
    path("", include("sales.tracking.urls")),
    path("", include("sales.submitting.urls")),
    path("api/v1/", include("accounts.urls")),
    path("api/v1/", include("sales.urls")),
    path("", include("analytics.urls")),
    path("", include("prospects.urls")),
    path("", include("clients.urls")),
]
