"""The product's views, and one that signs the caller in and says nothing."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.permissions import SIGNED_IN
from core.api.views import TenantAPIView
from crm_project import urls


class EmptyView(TenantAPIView):
    """What every request pays before it does anything."""

    surface = Surface.CRM
    permission = SIGNED_IN

    def get(self, request: Any) -> Response:
        return Response({})


urlpatterns = [path("empty", EmptyView.as_view()), *urls.urlpatterns]
