"""Filters of the back office's list of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sales.events.models import TYPES


class WhenFilter(SimpleListFilter):
    """Those to come, unless others are asked for."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("past", _("Over")),
            ("off", _("Called off")),
            ("all", _("All of them")),
        ]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Upcoming")}
        yield from others

    def queryset(self, request: Any, queryset: Any) -> Any:
        at = timezone.now()
        asked: dict[str, dict[str, Any]] = {
            "past": {"end_at__lte": at, "cancelled_at": None},
            "off": {"cancelled_at__isnull": False},
            "all": {},
        }
        coming: dict[str, Any] = {"end_at__gt": at, "cancelled_at": None}
        return queryset.filter(**asked.get(self.value() or "", coming))


class TypeFilter(SimpleListFilter):
    """Those of a usual type."""

    title = _("type")
    parameter_name = "type"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(TYPES.items())

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(type=self.value()) if self.value() else queryset
