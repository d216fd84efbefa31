from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters

from accounts.notifications.models import Notification
from core.api.filters import TenantFilterSet


class NotificationFilter(TenantFilterSet):
    """`?unread_only=true`: what the caller has not looked at yet."""

    unread_only = filters.BooleanFilter(method="by_unread")

    class Meta:
        model = Notification
        fields = ["unread_only", "updated_since"]

    def by_unread(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.unread() if value else queryset
