"""Query parameters of the sales API."""

from __future__ import annotations

from typing import Any

from django.db import models
from django_filters import rest_framework as filters

from core.api.errors import flat_messages, summary
from core.errors import InvalidInput
from core.moments import parse_when
from core.values import InvalidValue


def _related_rows(field: Any) -> dict[str, Any]:
    model = field.remote_field.model
    return {"queryset": lambda request: model._default_manager.all()}


class SortFilter(filters.OrderingFilter):
    """`?sort=-created_at,name`: the named columns, `-` for descending.

    It ends on the primary key, in the direction of the last column: an index can be read either
    way, but not both ways at once.
    """

    def filter(self, queryset: Any, value: Any) -> Any:
        if not value:
            return queryset
        columns = [self.get_ordering_value(param) for param in value]
        return queryset.order_by(*columns, "-pk" if value[-1].startswith("-") else "pk")


class IdFilter(filters.CharFilter):
    """`?owner_id=5`: rows that point at this id; none of an id that does not exist."""

    def filter(self, queryset: Any, value: Any) -> Any:
        if value in ("", None):
            return queryset
        named: Any = self
        name = next(name for name, each in named.parent.filters.items() if each is self)
        return super().filter(queryset, read_id(name, value))


def read_id(name: str, text: str) -> int:
    """Return a row's id.

    :raises InvalidInput: it is not a whole number that an id can be.
    """
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    raise InvalidInput.of(name, "Must be an id.")


def read_flag(name: str, text: str) -> bool:
    """Return whether something is asked for.

    :raises InvalidInput: it is neither yes nor no.
    """
    flag = {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
    if flag is None:
        raise InvalidInput.of(name, "Must be true or false.")
    return flag


class TenantFilterSet(filters.FilterSet):
    """What every list understands. Subclasses with columns to sort by declare `sort`.

    Foreign-key filters look their choices up at request time, inside the tenant.
    """

    updated_since = filters.CharFilter(
        method="by_last_change",
        label="Changed at or after this moment; without an offset in the tenant's time zone.",
    )

    FILTER_DEFAULTS = {
        **filters.FilterSet.FILTER_DEFAULTS,
        models.ForeignKey: {"filter_class": filters.ModelChoiceFilter, "extra": _related_rows},
    }

    def by_last_change(self, queryset: Any, name: str, value: str) -> Any:
        """Keep what was changed since.

        :raises InvalidInput: it is no moment.
        """
        try:
            since = parse_when(value, self.request.user.tenant.zone)
        except InvalidValue as error:
            raise InvalidInput.of(name, f"It {error}.") from error
        return self.changed_since(queryset, since)

    def changed_since(self, queryset: Any, moment: Any) -> Any:
        """Keep what was changed at or after a moment."""
        return queryset.filter(updated_at__gte=moment)


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
