from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from analytics.dashboard.asking import ask_as, parse_figure
from analytics.dashboard.filters import parse_filters
from analytics.dashboard.openapi import FILTERS, ROWS
from analytics.dashboard.rows import count_rows, read_rows
from analytics.dashboard.serializers import RowsSerializer
from core.api.errors import Surface
from core.api.views import TenantAPIView
from core.rights import CRM_MENU
from prospects.board import parameters as read

LENGTH, MAX_LENGTH = 25, 100


class RowsView(TenantAPIView):
    """The leads that a figure of the dashboard counts."""

    surface = Surface.ANALYTICS
    permission = CRM_MENU

    @extend_schema(parameters=[*FILTERS, *ROWS], responses=RowsSerializer)
    def get(self, request: Any) -> Response:
        query = request.query_params
        figure = parse_figure(query)
        start = read.whole_number("start", query.get("start") or "0")
        length = read.whole_number("length", query.get("length") or str(LENGTH), least=1)
        asked = ask_as(request.user, request.user.tenant, parse_filters(query))
        count = count_rows(asked, figure)
        page = {"start": start, "length": min(length, MAX_LENGTH)}
        today = timezone.now().astimezone(asked.zone).date()
        data = read_rows(asked, figure, today=today, **page) if start < count else []
        return Response({"recordsFiltered": count, "data": data})
