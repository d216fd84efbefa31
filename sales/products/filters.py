from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from core.api.filters import IdFilter, SortFilter, TenantFilterSet, read_flag
from sales.products.models import Product


class ProductFilter(TenantFilterSet):
    """Which products a list shows."""

    search = filters.CharFilter(
        method="by_search",
        max_length=255,
        label="Part of a name, SKU or description; case and accents do not matter.",
    )
    active_only = filters.CharFilter(
        method="by_active", label="`true` leaves out what is not sold any more."
    )
    category_id = IdFilter(field_name="category")
    sort = SortFilter(fields=("id", "name", "sku", "unit_price", "created_at", "updated_at"))

    class Meta:
        model = Product
        fields = ["search", "active_only", "category_id", "sort", "updated_since"]

    def by_search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    @extend_schema_field(bool)
    def by_active(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.active() if read_flag(name, value) else queryset
