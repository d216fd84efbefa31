from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters

from core.api.filters import IdFilter, SortFilter, TenantFilterSet, read_flag
from core.errors import InvalidInput
from core.moments import parse_when
from core.values import InvalidValue
from sales.events.models import LONGEST_TYPE, Attendee, Event

LONGEST_DAY = len("2026-03-15")  # what is longer has a time


class EventFilter(TenantFilterSet):
    """Which events a list shows: the latest first or, of those to come, the next one."""

    upcoming = filters.CharFilter(
        method="by_time", label="true: neither over nor cancelled, the next one first; false: over."
    )
    search = filters.CharFilter(
        method="by_search",
        max_length=255,
        label="Part of the title or place; case and accents do not matter.",
    )
    type = filters.CharFilter(method="by_type", max_length=LONGEST_TYPE)
    owner_id = IdFilter(field_name="owner")
    sort = SortFilter(
        fields=("id", "title", "type", "start_at", "end_at", "created_at", "updated_at")
    )

    class Meta:
        model = Event
        fields = ["upcoming", "search", "type", "owner_id", "sort", "updated_since"]

    def by_time(self, queryset: Any, name: str, value: str) -> Any:
        at = timezone.now()
        return queryset.upcoming(at) if read_flag(name, value) else queryset.past(at)

    def by_search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def by_type(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(type=value.strip().lower())

    def by_beginning(self, queryset: Any, name: str, value: str) -> Any:
        """Keep those that begin from a moment on, or until one; a day counts whole.

        :raises InvalidInput: it is no moment.
        """
        try:
            moment = parse_when(value, self.request.user.tenant.zone)
        except InvalidValue as error:
            raise InvalidInput.of(name, f"It {error}.") from error
        if name == "from":
            return queryset.filter(start_at__gte=moment)
        is_day = len(value.strip()) <= LONGEST_DAY
        return queryset.filter(start_at__lt=moment + timedelta(days=1 if is_day else 0))


# `from` is a word of Python's.
for _name in ("from", "to"):
    _filter = filters.CharFilter(
        field_name=_name, method="by_beginning", label="Begins in this time; a day counts whole."
    )
    EventFilter.base_filters[_name] = EventFilter.declared_filters[_name] = _filter


class AttendeeFilter(TenantFilterSet):
    """Whom the list of an event shows."""

    status = filters.ChoiceFilter(choices=Attendee.Status.choices)

    class Meta:
        model = Attendee
        fields = ["status", "updated_since"]
