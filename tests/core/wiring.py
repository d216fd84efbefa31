"""Routes that exist in tests only: views that fail in every way a view can."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import connection
from django.http import Http404
from django.urls import path
from rest_framework import exceptions
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.permissions import ANYONE, SIGNED_IN
from core.api.views import TenantAPIView, json_array, json_object
from core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from crm_project.urls import handler400, handler404, handler500
from prospects.models import FollowUpCategory

__all__ = ["handler400", "handler404", "handler500"]

NESTED = {"items": [{}, {"quantity": ["Must be positive."]}], "name": ["Is required."]}
RAISED: dict[str, Exception] = {
    "conflict": DomainError("The quote is a draft."),
    "invalid": InvalidInput.of("amount", "Must be positive."),
    "not-allowed": NotAllowed("You may look, not touch."),
    "not-found": NotFound("There is no such card."),
    "fields": exceptions.ValidationError(NESTED),
    "whole": exceptions.ValidationError("Together they make no sense."),
    "model": ModelValidationError({"name": ["Too long."]}),
    "parse": exceptions.ParseError("The body is not valid JSON."),
    "http404": Http404("secret table name"),
    "denied": PermissionDenied("secret reason"),
    "throttled": exceptions.Throttled(wait=12.2),
    "teapot": exceptions.APIException("Later."),
    "fault": RuntimeError("secret internals"),
    "suspicious": SuspiciousOperation("secret header"),
}


class RaisingView(TenantAPIView):
    """Raises what the path says."""

    surface = Surface.CRM
    permission = ANYONE
    authentication_classes: Any = []

    def get(self, request: Any, name: str) -> Response:
        raise RAISED[name]


class SqlView(TenantAPIView):
    """Lets the database refuse what the path says."""

    surface = Surface.CRM
    permission = SIGNED_IN
    STATEMENTS = {
        "unique": "INSERT INTO prospects_followupcategory (tenant_id, name, label, color, kind, "
        "position) SELECT tenant_id, name, '', '', 'open', 0 FROM prospects_followupcategory",
        "check": "UPDATE prospects_followupcategory SET position = -1",
        "range": "UPDATE prospects_followupcategory SET position = 99999999999",
        "text": "UPDATE prospects_followupcategory SET name = repeat('x', 1000)",
        "syntax": "SELEC secret",
    }

    def get(self, request: Any, name: str) -> Response:
        with connection.cursor() as cursor:
            cursor.execute(self.STATEMENTS[name])
        return Response({})


class EchoView(TenantAPIView):
    """Answers with what it read."""

    permission = {
        "get": SIGNED_IN,
        "post": ANYONE,
        "put": ANYONE,
        "patch": "accounts.all-prospects",
    }
    surface = Surface.CRM

    def get_authenticators(self) -> Any:
        return super().get_authenticators() if self.request.method != "POST" else []

    def get(self, request: Any) -> Response:
        return Response({"amount": Decimal("0.10"), "tenant": request.user.tenant_id})

    def post(self, request: Any) -> Response:
        return Response({"read": request.data})

    def put(self, request: Any) -> Response:
        return Response({"object": json_object(request)})

    def patch(self, request: Any) -> Response:
        return Response({"rows": json_array(request)})

    def delete(self, request: Any) -> Response:
        FollowUpCategory.objects.all().delete()
        return Response({})


urlpatterns = [
    path("crm/raise/<name>", RaisingView.as_view(surface=Surface.CRM)),
    path("analytics/raise/<name>", RaisingView.as_view(surface=Surface.ANALYTICS)),
    path("api/v1/raise/<name>", RaisingView.as_view(surface=Surface.SALES)),
    path("crm/sql/<name>", SqlView.as_view(surface=Surface.CRM)),
    path("api/v1/sql/<name>", SqlView.as_view(surface=Surface.SALES)),
    path("echo", EchoView.as_view()),
]
