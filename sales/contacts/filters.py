from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters

from core.api.filters import IdFilter, SortFilter, TenantFilterSet, read_id
from prospects.contacts.models import Contact, LifecycleStage
from prospects.pipeline.searching import search_pattern


class ContactFilter(TenantFilterSet):
    """Which contacts a list shows."""

    search = filters.CharFilter(
        method="by_search",
        max_length=255,
        label="Part of a name, email, phone or company; case and accents do not matter.",
    )
    lifecycle_stage = filters.ChoiceFilter(choices=LifecycleStage.choices)
    owner_id = filters.CharFilter(
        method="by_owner", label="Their own or, where they have none, their card's."
    )
    company_id = IdFilter(field_name="prospect__company", label="The people of a company.")
    sort = SortFilter(
        fields=(
            "id",
            "first_name",
            "last_name",
            "lifecycle_stage",
            "lead_score",
            "created_at",
            "updated_at",
        )
    )

    class Meta:
        model = Contact
        fields = ["search", "lifecycle_stage", "owner_id", "company_id", "sort", "updated_since"]

    def by_search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(search_pattern(value))

    def by_owner(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.owned_by(read_id(name, value))
