"""How long the statements of a request may take, and what is said when one was stopped."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from core.api.errors import TOO_LONG, envelope, surface_of
from core.middleware import GetResponse
from core.outages import was_stopped
from core.postgres.limits import limit_statements

log = logging.getLogger(__name__)


class StatementLimitMiddleware:
    """Sets the limit of a request's door, and answers for pages; the API's views do themselves."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_page = request.path.startswith("/admin/")
        limit_statements(
            settings.CRM_BACK_OFFICE_STATEMENT_SECONDS
            if is_page
            else settings.CRM_API_STATEMENT_SECONDS
        )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A 503 for a statement that was stopped; None leaves the fault to others."""
        if not was_stopped(error):
            return None
        log.warning("a statement took too long: %s", error)
        if "text/html" in request.headers.get("Accept", ""):
            return render(request, "core/too_slow.html", status=503)
        return JsonResponse(envelope(surface_of(request.path), 503, TOO_LONG), status=503)
