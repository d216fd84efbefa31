from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.pictures.models import Picture
from accounts.pictures.services import set_avatar, set_logo
from accounts.tenants.models import Tenant
from accounts.tenants.serializers import TenantSettingsSerializer
from accounts.users.models import User
from accounts.users.serializers import UserSerializer
from core.api.errors import Surface
from core.api.openapi import in_data
from core.api.permissions import SIGNED_IN
from core.api.pictures import PictureParser
from core.api.views import TenantAPIView
from core.pictures import CONTENT_TYPE
from core.tenancy import across_tenants

IMAGE: Any = {"image/*": OpenApiTypes.BINARY}


@require_safe
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A picture, for whoever has its address; it never changes."""
    with across_tenants():
        found = Picture.objects.filter(pk=pk).values_list("content", flat=True).first()
    if found is None:
        raise Http404
    answer = HttpResponse(bytes(found), content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer


class AvatarView(TenantAPIView):
    """The caller's own picture: PNG, JPEG, WebP or GIF in, WebP out."""

    surface = Surface.SALES
    permission = SIGNED_IN
    parser_classes: Any = [PictureParser]

    @extend_schema(request=IMAGE, responses={200: in_data(UserSerializer)})
    def put(self, request: Any) -> Response:
        return self._set(request, request.data or b"")  # an empty body is no bytes to DRF

    @extend_schema(request=None, responses={200: in_data(UserSerializer)})
    def delete(self, request: Any) -> Response:
        return self._set(request, None)

    def _set(self, request: Any, content: bytes | None) -> Response:
        set_avatar(user_id=request.user.pk, content=content)
        return Response({"data": UserSerializer(User.objects.get(pk=request.user.pk)).data})


class LogoView(TenantAPIView):
    """The logo of the tenant: PNG, JPEG, WebP or GIF in, WebP out."""

    surface = Surface.SALES
    permission = "accounts.change_tenant"
    parser_classes: Any = [PictureParser]

    @extend_schema(request=IMAGE, responses={200: in_data(TenantSettingsSerializer)})
    def put(self, request: Any) -> Response:
        return self._set(request, request.data or b"")

    @extend_schema(request=None, responses={200: in_data(TenantSettingsSerializer)})
    def delete(self, request: Any) -> Response:
        return self._set(request, None)

    def _set(self, request: Any, content: bytes | None) -> Response:
        set_logo(tenant_id=request.user.tenant_id, content=content)
        tenant = Tenant.objects.get(pk=request.user.tenant_id)
        return Response({"data": TenantSettingsSerializer(tenant).data})
