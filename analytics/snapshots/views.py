from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from accounts.tenants.models import Tenant
from analytics.dashboard.filters import parse_filters
from analytics.dashboard.openapi import FILTERS
from analytics.dashboard.serializers import PayloadSerializer
from analytics.snapshots.authentication import CronAuthentication
from analytics.snapshots.services import answer_for, computed_at, is_kept_for, refresh_all
from core.api.errors import Surface
from core.api.permissions import ANYONE
from core.api.rendering import crm_timestamp
from core.api.views import TenantAPIView
from core.rights import CRM_MENU
from core.tenancy import across_tenants

HEADERS = [
    OpenApiParameter(name, str, location=OpenApiParameter.HEADER, response=True, description=text)
    for name, text in {
        "X-Analytics-Source": "snapshot or live",
        "X-Analytics-Computed-At": "When the figures were computed.",
    }.items()
]


class ClientAnalyticsView(TenantAPIView):
    """The dashboard: a kept answer where there is one, else the leads are asked.

    Only who sees every card is answered from a snapshot, and kept answers are only theirs.
    """

    surface = Surface.ANALYTICS
    permission = CRM_MENU
    names_answers = True

    def present_state(self, request: Any) -> str | None:
        """The kept answer there is, looked up for who has one."""
        if "If-None-Match" not in request.headers:
            return None
        kept = computed_at(request.user, parse_filters(request.query_params), at=timezone.now())
        return _state_of(kept) if kept else None

    @extend_schema(parameters=[*FILTERS, *HEADERS], responses=PayloadSerializer)
    def get(self, request: Any) -> Response:
        filters = parse_filters(request.query_params)
        source, answer = answer_for(request.user, request.user.tenant, filters, at=timezone.now())
        self.state = _state_of(answer.computed_at) if is_kept_for(request.user, filters) else None
        headers = {
            "X-Analytics-Source": source,
            "X-Analytics-Computed-At": crm_timestamp(answer.computed_at),
        }
        return Response(orjson.Fragment(answer.payload), headers=headers)


def _state_of(computed_at: datetime) -> str:
    return computed_at.isoformat()


class SyncView(TenantAPIView):
    """Called by a scheduler outside: bring the leads and snapshots of all tenants up to date."""

    surface = Surface.ANALYTICS
    authentication_classes = [CronAuthentication]
    permission = ANYONE  # who has the token

    @extend_schema(
        request=None,
        responses=inline_serializer("Synced", {"ok": serializers.BooleanField()}),
    )
    def post(self, request: Any) -> Response:
        with across_tenants():
            tenants = list(Tenant.objects.filter(is_active=True).order_by("pk"))
        errors = refresh_all(tenants)
        if errors:
            raise errors[0]
        return Response({"ok": True})
