from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.users.filters import UserFilter
from accounts.users.leaving import deactivate_user
from accounts.users.models import User
from accounts.users.serializers import LeavingSerializer, LeftSerializer, UserSerializer
from core.api.errors import Surface
from core.api.permissions import SIGNED_IN
from core.api.views import TenantAPIView, read_body
from core.api.viewsets import ReadMixin, ResourceViewSet


class UserViewSet(ReadMixin, ResourceViewSet):
    """The colleagues of the caller's tenant."""

    model = User
    permission = SIGNED_IN
    read_serializer_class = UserSerializer
    filterset_class = UserFilter

    def narrow(self, queryset: Any) -> Any:
        return queryset.active().order_by("name", "pk")


@extend_schema(request=LeavingSerializer, responses={200: LeftSerializer})
class DeactivateView(TenantAPIView):
    """Deactivate a colleague; what they looked after is handed to another, all at once."""

    surface = Surface.SALES
    permission = "accounts.change_user"

    def post(self, request: Any, pk: int) -> Response:
        to_id = read_body(LeavingSerializer, request).validated_data["hand_over_to"]
        by, at = request.user, timezone.now()
        handed_over = deactivate_user(user_id=pk, to_id=to_id, by=by, at=at)
        user = User.objects.get(pk=pk)
        return Response({"data": UserSerializer(user).data, "handed_over": handed_over})
