from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters

from clients.companies.details import read_tax_id
from clients.companies.models import Company
from core.api.filters import SortFilter, TenantFilterSet, read_id


class CompanyFilter(TenantFilterSet):
    """`?search=`: part of the company's name, or of what its card says of its people."""

    search = filters.CharFilter(method="by_search", max_length=255)
    owner_id = filters.CharFilter(method="by_owner")
    industry = filters.CharFilter(max_length=120)
    tax_id = filters.CharFilter(method="by_tax_id", max_length=100)
    sort = SortFilter(
        fields={
            "prospect__company_name": "name",
            "created_at": "created_at",
            "updated_at": "updated_at",
            "balance": "balance",
        }
    )

    class Meta:
        model = Company
        fields = ["search", "owner_id", "industry", "tax_id", "sort", "updated_since"]

    def by_search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_owner(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_owner(read_id(name, value))

    def by_tax_id(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(tax_id=read_tax_id(value), tax_id__gt="")

    def changed_since(self, queryset: Any, moment: Any) -> Any:
        return queryset.changed_since(moment)
