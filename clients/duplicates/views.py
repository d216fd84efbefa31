from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.response import Response

from clients.duplicates.serializers import DuplicateSerializer
from clients.duplicates.services import duplicates_of
from core.api.errors import Surface
from core.api.views import TenantAPIView
from core.rights import CRM_ACCESS
from prospects.pipeline.redirecting import FollowsMergedCards


class DuplicatesView(FollowsMergedCards, TenantAPIView):
    """`/prospects/{id}/duplicates`"""

    surface = Surface.CRM
    permission = CRM_ACCESS

    @extend_schema(
        responses=inline_serializer("Duplicates", {"data": DuplicateSerializer(many=True)})
    )
    def get(self, request: Any, pk: int) -> Response:
        """Visible cards that share an email, phone, tax id, company, person or web domain.

        The most similar first, at most 50. What more than 20 rows share is no evidence.
        """
        return Response({"data": duplicates_of(prospect_id=pk, seen_by=request.user)})
