from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.views import TenantAPIView, read_body
from core.rights import CRM_MENU
from prospects.locations.serializers import LocationSerializer, LocationWriteSerializer
from prospects.locations.services import add_location, change_location, remove_location


class LocationsView(TenantAPIView):
    """`/prospects/{id}/locations`"""

    surface = Surface.CRM
    permission = (CRM_MENU, "prospects.add_location")
    takes_key = True

    @extend_schema(request=LocationWriteSerializer, responses=LocationSerializer)
    def post(self, request: Any, pk: int) -> Response:
        values = read_body(LocationWriteSerializer, request).validated_data
        made = add_location(prospect_id=pk, values=values, seen_by=request.user)
        return Response(LocationSerializer(made).data)


class LocationView(TenantAPIView):
    """`/prospects/locations/{id}`: a place of a card without a company."""

    surface = Surface.CRM
    permission = {
        "put": (CRM_MENU, "prospects.change_location"),
        "delete": (CRM_MENU, "prospects.delete_location"),
    }
    of_client: ClassVar[bool] = False

    @extend_schema(request=LocationWriteSerializer(partial=True), responses=LocationSerializer)
    def put(self, request: Any, pk: int) -> Response:
        values = read_body(LocationWriteSerializer, request, partial=True).validated_data
        return self._answer(change_location, request, pk, values=values)

    @extend_schema(responses=LocationSerializer)
    def delete(self, request: Any, pk: int) -> Response:
        return self._answer(remove_location, request, pk)

    def _answer(self, do: Any, request: Any, pk: int, **given: Any) -> Response:
        place = do(location_id=pk, of_client=self.of_client, seen_by=request.user, **given)
        return Response(LocationSerializer(place).data)
