from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from clients.integrations.serializers import IntegrationSerializer, IntegrationWriteSerializer
from clients.integrations.services import (
    add_integration,
    edit_integration,
    remove_integration,
)
from core.api.errors import Surface
from core.api.views import TenantAPIView, read_body
from core.rights import CRM_ACCESS

# An integration is part of its client: who may change the client may add and change it.
CHANGE = (CRM_ACCESS, "clients.change_company")


class IntegrationsView(TenantAPIView):
    """`/clients/{id}/integrations`"""

    surface = Surface.CRM
    permission = CHANGE
    takes_key = True

    @extend_schema(request=IntegrationWriteSerializer, responses=IntegrationSerializer)
    def post(self, request: Any, pk: int) -> Response:
        values = read_body(IntegrationWriteSerializer, request).columns()
        added = add_integration(
            company_id=pk, values=values, at=timezone.now(), seen_by=request.user
        )
        return Response(IntegrationSerializer(added).data)


class IntegrationView(TenantAPIView):
    """`/clients/integrations/{id}`"""

    surface = Surface.CRM
    permission = {"put": CHANGE, "delete": (CRM_ACCESS, "clients.delete_integration")}

    @extend_schema(
        request=IntegrationWriteSerializer(partial=True), responses=IntegrationSerializer
    )
    def put(self, request: Any, pk: int) -> Response:
        values = read_body(IntegrationWriteSerializer, request, partial=True).columns()
        changed = edit_integration(
            integration_id=pk, values=values, at=timezone.now(), seen_by=request.user
        )
        return Response(IntegrationSerializer(changed).data)

    @extend_schema(responses=IntegrationSerializer)
    def delete(self, request: Any, pk: int) -> Response:
        removed = remove_integration(integration_id=pk, seen_by=request.user)
        return Response(IntegrationSerializer(removed).data)
