from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.tenants.models import Tenant
from accounts.tenants.serializers import TenantSettingsSerializer
from core.api.errors import Surface
from core.api.openapi import in_data
from core.api.permissions import SIGNED_IN
from core.api.views import TenantAPIView, json_object


class TenantView(TenantAPIView):
    """The settings of the caller's tenant; its admins change what they send."""

    surface = Surface.SALES
    permission: ClassVar[Any] = {"get": SIGNED_IN, "put": "accounts.change_tenant"}

    @extend_schema(responses={200: in_data(TenantSettingsSerializer)})
    def get(self, request: Any) -> Response:
        tenant = Tenant.objects.get(pk=request.user.tenant_id)
        return Response({"data": TenantSettingsSerializer(tenant).data})

    @extend_schema(
        request=TenantSettingsSerializer(partial=True),
        responses={200: in_data(TenantSettingsSerializer)},
    )
    def put(self, request: Any) -> Response:
        tenant = Tenant.objects.get(pk=request.user.tenant_id)
        sent = TenantSettingsSerializer(tenant, data=json_object(request), partial=True)
        sent.is_valid(raise_exception=True)
        sent.save()
        return Response({"data": sent.data})
