"""Query parameters of the sales API."""

from __future__ import annotations

from typing import Any

from django.db import models
from django_filters import rest_framework as filters

from core.api.errors import flat_messages, summary
from core.errors import InvalidInput


def _related_rows(field: Any) -> dict[str, Any]:
    model = field.remote_field.model
    return {"queryset": lambda request: model._default_manager.all()}


class TenantFilterSet(filters.FilterSet):
    """Foreign-key filters look their choices up at request time, inside the tenant."""

    FILTER_DEFAULTS = {
        **filters.FilterSet.FILTER_DEFAULTS,
        models.ForeignKey: {"filter_class": filters.ModelChoiceFilter, "extra": _related_rows},
    }


class FilterBackend(filters.DjangoFilterBackend):
    """Answers a parameter that cannot be read in our own words, with its name."""

    raise_exception = False

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            fields = flat_messages(dict(filterset.errors))
            raise InvalidInput(summary(fields), fields=fields)
        return filterset.qs
