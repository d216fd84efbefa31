from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from accounts.notifications.models import Notification
from core.api.filters import TenantFilterSet, read_flag


class NotificationFilter(TenantFilterSet):
    """`?unread_only=true`: what the caller has not looked at yet."""

    unread_only = filters.CharFilter(method="by_unread")

    class Meta:
        model = Notification
        fields = ["unread_only", "updated_since"]

    @extend_schema_field(bool)
    def by_unread(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.unread() if read_flag(name, value) else queryset
