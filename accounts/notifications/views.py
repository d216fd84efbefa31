from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.notifications.filters import NotificationFilter
from accounts.notifications.models import Notification
from accounts.notifications.serializers import NotificationSerializer
from accounts.notifications.services import mark_all_read, mark_read
from core.api.errors import Surface
from core.api.openapi import in_data
from core.api.pagination import PagePagination
from core.api.permissions import SIGNED_IN
from core.api.serializers import MessageSerializer
from core.api.views import TenantAPIView
from core.api.viewsets import ReadMixin, ResourceViewSet
from core.tallies import NOTICES


class NotificationPagination(PagePagination):
    """`meta` also tells how many the caller has not looked at, whatever the page shows."""

    def get_paginated_response(self, data: Any) -> Response:
        response = super().get_paginated_response(data)
        response.data["meta"]["unread_count"] = Notification.objects.unread_count(self.request.user)
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described = super().get_paginated_response_schema(schema)
        described["properties"]["meta"]["properties"]["unread_count"] = {"type": "integer"}
        return described


class NotificationViewSet(ReadMixin, ResourceViewSet):
    """What the caller was told, the latest first."""

    model = Notification
    watched = (NOTICES,)
    permission = SIGNED_IN
    pagination_class = NotificationPagination
    read_serializer_class = NotificationSerializer
    filterset_class = NotificationFilter

    def narrow(self, queryset: Any) -> Any:
        return queryset.of(self.request.user)

    @extend_schema(request=None, responses={200: in_data(NotificationSerializer)})
    def read(self, request: Any, pk: int) -> Response:
        """Remember that the caller has seen one; the first time counts."""
        mark_read(notification_id=pk, by=request.user, at=timezone.now())
        return self.answer(self.get_queryset(), pk)


@extend_schema(request=None, responses={200: MessageSerializer})
class ReadAllView(TenantAPIView):
    """Remember that the caller has seen everything they were told."""

    surface = Surface.SALES
    permission = SIGNED_IN

    def post(self, request: Any) -> Response:
        mark_all_read(by=request.user, at=timezone.now())
        return Response({"message": "All notifications marked as read."})
