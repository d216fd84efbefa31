from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters

from core.api.filters import IdFilter, SortFilter, TenantFilterSet, read_id
from core.errors import InvalidInput
from sales.activities.models import Activity
from sales.activities.subjects import COLUMNS


class ActivityFilter(TenantFilterSet):
    """Which activities a list shows. `activitable_id` goes with `activitable_type`."""

    user_id = IdFilter(field_name="user")
    status = filters.ChoiceFilter(choices=Activity.Status.choices)
    type = filters.ChoiceFilter(choices=Activity.Type.choices)
    activitable_type = filters.ChoiceFilter(
        choices=[(name, name) for name in COLUMNS], method="by_kind"
    )
    activitable_id = filters.CharFilter(method="by_subject")
    sort = SortFilter(fields=("id", "due_at", "priority", "created_at", "updated_at"))

    class Meta:
        model = Activity
        fields = [
            *("user_id", "status", "type", "activitable_type", "activitable_id", "sort"),
            "updated_since",
        ]

    def by_kind(self, queryset: Any, name: str, value: str) -> Any:
        column = COLUMNS[value].removesuffix("_id")
        return queryset.filter(**{f"{column}__isnull": False})

    def by_subject(self, queryset: Any, name: str, value: str) -> Any:
        kind = self.form.cleaned_data.get("activitable_type")
        if not kind:
            raise InvalidInput.of("activitable_type", "Needed with activitable_id.")
        return queryset.filter(**{COLUMNS[kind]: read_id(name, value)})
