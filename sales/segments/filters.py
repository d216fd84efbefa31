from __future__ import annotations

from typing import Any

from django.db.models import F
from django_filters import rest_framework as filters

from core.api.filters import SortFilter, TenantFilterSet
from sales.conditions.texts import text_condition
from sales.segments.models import Segment


class SegmentFilter(TenantFilterSet):
    """Which segments a list shows."""

    type = filters.ChoiceFilter(choices=Segment.Type.choices)
    search = filters.CharFilter(
        method="by_search",
        max_length=255,
        label="Part of the name; case and accents do not matter.",
    )
    sort = SortFilter(fields=("id", "name", "type", "created_at", "updated_at"))

    class Meta:
        model = Segment
        fields = ["type", "search", "sort", "updated_since"]

    def by_search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(text_condition(F("name"), "contains", value))
