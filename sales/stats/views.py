from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.openapi import in_data
from core.api.views import TenantAPIView
from sales.stats.figures import read_stats
from sales.stats.serializers import StatsSerializer


class StatsView(TenantAPIView):
    """How business goes, of what the caller may see."""

    surface = Surface.SALES
    permission = (
        "prospects.view_contact",
        *("sales.view_deal", "sales.view_quote", "sales.view_invoice", "sales.view_activity"),
    )

    @extend_schema(responses=in_data(StatsSerializer))
    def get(self, request: Any) -> Response:
        return Response({"data": read_stats(request.user, at=timezone.now())})
