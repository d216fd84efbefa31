from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters

from accounts.users.models import User
from core.api.filters import SortFilter, TenantFilterSet


class UserFilter(TenantFilterSet):
    """`?search=`: part of the name or email."""

    search = filters.CharFilter(method="by_search", max_length=255)
    sort = SortFilter(fields=("name", "email", "role", "created_at"))

    class Meta:
        model = User
        fields = ["search", "sort", "updated_since"]

    def by_search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)
