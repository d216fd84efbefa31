from __future__ import annotations

from django_filters import rest_framework as filters

from core.api.filters import SortFilter, TenantFilterSet
from sales.forms.models import FormSubmission, WebForm


class WebFormFilter(TenantFilterSet):
    """Which forms a list shows."""

    is_active = filters.BooleanFilter()
    sort = SortFilter(fields=("id", "name", "created_at", "updated_at"))

    class Meta:
        model = WebForm
        fields = ["is_active", "sort", "updated_since"]


class SubmissionFilter(TenantFilterSet):
    """Which submissions a list shows."""

    state = filters.ChoiceFilter(choices=FormSubmission.State.choices)
    sort = SortFilter(fields=("id", "created_at"))

    class Meta:
        model = FormSubmission
        fields = ["state", "sort", "updated_since"]
