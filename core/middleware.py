"""What happens around every request."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase

from core.audit import acting
from core.tenancy import no_tenant

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestIdMiddleware:
    """Gives every request an id that stands in its answer and in every log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        sent = request.headers.get("X-Request-ID", "")
        request.request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response


class TenantMiddleware:
    """Starts every request as nobody and closes whatever tenant it entered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with no_tenant():
            return self.get_response(request)


class AuditMiddleware:
    """Opens the history's context for requests that may write; the views add who it is."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        with acting(door=door_of(request.path), request_id=request.request_id):
            return self.get_response(request)


def door_of(path: str) -> str:
    """Name the door a path belongs to, as the history shows it."""
    if path.startswith("/admin/"):
        return "admin"
    if path == "/mcp":
        return "mcp"
    return "sales-api" if path.startswith("/api/") else "crm-api"
