"""Filters of the back office's lists."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateFilter


class DeletedFilter(SimpleListFilter):
    """Of rows that are deleted restorably: the living or, when asked for, the deleted."""

    title = _("deleted")
    parameter_name = "deleted"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(deleted_at__isnull=self.value() != "yes")


class ConditionFilter(SimpleListFilter):
    """A few questions by name; what is none of them leaves the list as it is."""

    offered: tuple[tuple[str, Any], ...] = ()

    def lookups(self, request: Any, model_admin: Any) -> tuple[tuple[str, Any], ...]:
        return self.offered

    def queryset(self, request: Any, queryset: Any) -> Any:
        asked = self.value()
        if asked is None or asked not in dict(self.offered):
            return queryset
        return queryset.filter(self.condition(asked))

    def condition(self, asked: str) -> Q:
        """The rows that one of the questions means."""
        raise NotImplementedError


class DayRangeFilter(RangeDateFilter):
    """Days from … to …, both included, in the time zone of whoever looks.

    What is not a day leaves the list as it is.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.field_path == "created_at":  # every row has it, and nobody named it
            self.title = _("created")

    def queryset(self, request: Any, queryset: Any) -> Any:
        first = read_day(self.used_parameters.get(f"{self.parameter_name}_from"))
        last = read_day(self.used_parameters.get(f"{self.parameter_name}_to"))
        if first:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": self.begins(first)})
        if last:
            following = self.begins(last + timedelta(days=1))
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": following})
        return queryset

    def begins(self, day: date) -> date:
        """When a day begins, as the column counts."""
        return midnight(day)


class DateRangeFilter(DayRangeFilter):
    """The same of a column that holds days, not moments."""

    def begins(self, day: date) -> date:
        return day


def read_day(text: Any) -> date | None:
    """Return the day that the date picker wrote, in the language's format or ISO; else None."""
    for spelling in ("%Y-%m-%d", *get_format("DATE_INPUT_FORMATS")):
        try:
            day = datetime.strptime(str(text), spelling).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        return day if date.min < day < date.max - timedelta(days=2) else None
    return None


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins for whoever looks."""
    return timezone.make_aware(datetime.combine(day, time.min))
