"""One place where every error of both APIs is put into words.

The CRM API answers `{statusCode, error, message, validation?}`, the sales API `{message, errors?}`.
"""

from __future__ import annotations

import logging
import sys
from enum import Enum
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error

from core.errors import DomainError
from core.outages import ASK_AGAIN_AFTER, WORDS, is_outage, was_stopped

log = logging.getLogger(__name__)

INVALID = "Some fields are invalid."
TOO_LONG = "This takes too long, and nothing was changed. Ask for less, or try again later."


class Surface(Enum):
    """Which wire contract a view speaks."""

    CRM = "crm"
    ANALYTICS = "analytics"
    SALES = "sales"

    @property
    def invalid_status(self) -> int:
        """The status for a field or query parameter that cannot be accepted."""
        return 400 if self is Surface.CRM else 422


def surface_of(path: str) -> Surface:
    """Return the contract a path belongs to when no view says so (unknown paths, faults)."""
    return Surface.SALES if path.startswith("/api/") else Surface.CRM


def envelope(
    surface: Surface,
    status: int,
    message: str,
    fields: dict[str, list[str]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return an error body in the words of a surface; `more` adds keys of its own."""
    if surface is Surface.SALES:
        return {"message": message, **({"errors": fields} if fields else {}), **more}
    phrase = "Unprocessable Entity" if status == 422 else HTTPStatus(status).phrase
    body = {"statusCode": status, "error": phrase, "message": message}
    return {**body, **({"validation": fields} if fields else {}), **more}


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: turn what a view raised into an answer, or None for a fault (500)."""
    request = context["request"]
    surface = getattr(context.get("view"), "surface", None) or surface_of(request.path)
    found = _described(exc, surface)
    if found is None:
        return None
    status, message, fields = found
    told = {"code": exc.code} if isinstance(exc, DomainError) and exc.tells_code else {}
    response = Response(envelope(surface, status, message, fields, **told), status=status)
    if isinstance(exc, exceptions.Throttled):
        response["Retry-After"] = str(max(1, int(getattr(exc, "wait", None) or 1)))
        for name, value in exc.allowance.headers().items() if hasattr(exc, "allowance") else ():
            response[name] = value
    if status == 503:
        response["Retry-After"] = str(ASK_AGAIN_AFTER)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    response.exception = True
    return response


Described = tuple[int, str, dict[str, list[str]] | None]


def _described(exc: Exception, surface: Surface) -> Described | None:
    if isinstance(exc, DomainError):
        status = surface.invalid_status if exc.status == 400 else exc.status
        return status, exc.message, exc.fields
    if isinstance(exc, ModelValidationError):
        exc = exceptions.ValidationError(as_serializer_error(exc))
    if isinstance(exc, exceptions.ValidationError):
        fields = flat_messages(exc.detail)
        return surface.invalid_status, summary(fields), fields
    if isinstance(exc, exceptions.ParseError):
        return 422, str(exc.detail), None
    if isinstance(exc, Http404):
        return 404, "Not found.", None
    if isinstance(exc, UnreadablePostError):
        return 408, "The request came too slowly, or not to its end.", None
    if isinstance(exc, PermissionDenied):
        return 403, "You do not have permission to perform this action.", None
    if isinstance(exc, exceptions.APIException):
        return exc.status_code, str(exc.detail), None
    return _described_database(exc, surface)


def _described_database(exc: Exception, surface: Surface) -> Described | None:
    """What the database refused. A clean answer, but logged: a rule above should have spoken."""
    cause = type(exc.__cause__).__name__
    if isinstance(exc, IntegrityError) and cause in ("UniqueViolation", "ForeignKeyViolation"):
        log.warning("constraint spoke first: %s", exc)
        return 409, "This conflicts with data that exists already.", None
    if isinstance(exc, IntegrityError) and cause == "CheckViolation":
        log.warning("constraint spoke first: %s", exc)
        return surface.invalid_status, "A value is not allowed.", None
    if isinstance(exc, DataError):
        log.warning("value refused by the database: %s", exc)
        return surface.invalid_status, "A value is out of range.", None
    if was_stopped(exc):
        log.warning("a statement took too long: %s", exc)
        return 503, TOO_LONG, None
    if isinstance(exc, OperationalError) and cause in ("DeadlockDetected", "SerializationFailure"):
        return 409, "Somebody else changed this at the same moment; try again.", None
    if is_outage(exc):
        log.warning("the database is away: %s", exc)
        return 503, WORDS, None
    return None


def flat_messages(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flatten DRF's nested error details into {"items.0.quantity": ["…"]}."""
    if isinstance(detail, dict):
        parts = detail.items()
    elif isinstance(detail, list) and any(isinstance(entry, dict | list) for entry in detail):
        parts = {str(number): entry for number, entry in enumerate(detail) if entry}.items()
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return {prefix or "non_field_errors": [str(message) for message in messages]}
    flat: dict[str, list[str]] = {}
    for key, value in parts:
        name = "non_field_errors" if key == NON_FIELD_ERRORS else str(key)
        flat.update(flat_messages(value, f"{prefix}.{name}" if prefix else name))
    return flat


def summary(fields: dict[str, list[str]]) -> str:
    """One sentence for people: the first message, with its field."""
    for field, messages in fields.items():
        if messages:
            return messages[0] if field == "non_field_errors" else f"{field}: {messages[0]}"
    return INVALID


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer for a path that no view knows."""
    return JsonResponse(envelope(surface_of(request.path), 404, "Not found."), status=404)


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer for a fault: no internals, an id to quote to support. An outage is none of ours."""
    if is_outage(sys.exception()):
        away = JsonResponse(envelope(surface_of(request.path), 503, WORDS), status=503)
        away["Retry-After"] = str(ASK_AGAIN_AFTER)
        return away
    request_id = getattr(request, "request_id", "")
    message = f"Something went wrong on our side. Quote {request_id} to support."
    body = envelope(surface_of(request.path), 500, message, request_id=request_id)
    return JsonResponse(body, status=500)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Answer for a request that Django itself refuses (host, size, encoding)."""
    return JsonResponse(envelope(surface_of(request.path), 400, "Bad request."), status=400)
