from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters

from core.api.filters import IdFilter, SortFilter, TenantFilterSet
from core.errors import InvalidInput
from sales.products.models import Product

YES, NO = ("true", "1"), ("false", "0")


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

    def by_active(self, queryset: Any, name: str, value: str) -> Any:
        if value.lower() not in (*YES, *NO):
            raise InvalidInput.of(name, "Must be true or false.")
        return queryset.active() if value.lower() in YES else queryset
