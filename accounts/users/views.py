from __future__ import annotations

from typing import Any

from accounts.users.filters import UserFilter
from accounts.users.models import User
from accounts.users.serializers import UserSerializer
from core.api.permissions import SIGNED_IN
from core.api.viewsets import ReadMixin, ResourceViewSet


class UserViewSet(ReadMixin, ResourceViewSet):
    """The colleagues of the caller's tenant."""

    model = User
    permission = SIGNED_IN
    read_serializer_class = UserSerializer
    filterset_class = UserFilter

    def narrow(self, queryset: Any) -> Any:
        return queryset.active().order_by("name", "pk")
