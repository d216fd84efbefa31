from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from clients.locations.services import add_client_location
from core.api.errors import Surface
from core.api.views import TenantAPIView, read_body
from core.rights import CRM_MENU
from prospects.locations.serializers import LocationSerializer, LocationWriteSerializer
from prospects.locations.views import LocationView


class ClientLocationsView(TenantAPIView):
    """`/clients/{id}/locations`, by the company's id"""

    surface = Surface.CRM
    permission = (CRM_MENU, "prospects.add_location")
    takes_key = True

    @extend_schema(request=LocationWriteSerializer, responses=LocationSerializer)
    def post(self, request: Any, pk: int) -> Response:
        values = read_body(LocationWriteSerializer, request).validated_data
        made = add_client_location(company_id=pk, values=values, seen_by=request.user)
        return Response(LocationSerializer(made).data)


class ClientLocationView(LocationView):
    """`/clients/locations/{id}`: a place of a card that has a company."""

    of_client = True
