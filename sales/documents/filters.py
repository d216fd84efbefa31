from __future__ import annotations

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters

from core.api.filters import IdFilter, SortFilter, TenantFilterSet
from core.errors import InvalidInput

COMMON = ("contact_id", "deal_id", "owner_id", "status", "sort", "updated_since")


def document_sort(*columns: str) -> SortFilter:
    """By the columns of all documents and these."""
    return SortFilter(
        fields=("id", "number", "title", "status", "sent_at", "created_at", "updated_at", *columns)
    )


class DocumentFilter(TenantFilterSet):
    """Which documents a list shows."""

    contact_id = IdFilter(field_name="contact")
    deal_id = IdFilter(field_name="deal")
    owner_id = IdFilter(field_name="owner")
    status = filters.CharFilter(method="by_state", label="Its state today.")

    def by_state(self, queryset: Any, name: str, value: str) -> Any:
        """Keep those in a state.

        :raises InvalidInput: there is no such state.
        """
        states = queryset.model.Status.values
        if value not in states:
            raise InvalidInput.of(name, f"Must be one of {', '.join(states)}.")
        return queryset.in_state(value, timezone.localdate(timezone=self.request.user.tenant.zone))
