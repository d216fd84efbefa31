from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters

from core.api.filters import IdFilter, SortFilter, TenantFilterSet, read_id
from sales.deals.models import Deal


class DealFilter(TenantFilterSet):
    """Which deals a list shows."""

    search = filters.CharFilter(
        method="by_search",
        max_length=255,
        label="Part of the name; case and accents do not matter.",
    )
    pipeline_id = IdFilter(field_name="pipeline")
    stage_id = IdFilter(field_name="stage")
    owner_id = IdFilter(field_name="owner")
    status = filters.ChoiceFilter(choices=Deal.Status.choices)
    contact_id = filters.CharFilter(method="by_contact", label="Those of a person.")
    company_id = filters.CharFilter(method="by_company", label="Those of a company's people.")
    sort = SortFilter(
        fields=(
            *("id", "name", "amount", "probability", "expected_close_date", "closed_at"),
            *("created_at", "updated_at"),
        )
    )

    class Meta:
        model = Deal
        fields = [
            *("search", "pipeline_id", "stage_id", "owner_id", "status", "contact_id"),
            *("company_id", "sort", "updated_since"),
        ]

    def by_search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_contact(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_contact(read_id(name, value))

    def by_company(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.of_company(read_id(name, value))
