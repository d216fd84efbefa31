"""What comes next with a deal, and when it closes: filters of the board and of the list.

Activities are the ones above: reached by the relation's name, here alone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sales.deals.models import Deal

STEPS = (("overdue", _("Overdue")), ("none", _("No next step")))
CLOSINGS = (("late", _("Late")), ("month", _("This month")), ("none", _("No date")))


def step_condition(step: str, *, at: datetime) -> Q:
    """The open deals about which something should have been done by now, or nothing is planned."""
    activities: Any = Deal._meta.get_field("activities").related_model
    waiting = activities.objects.filter(deal=OuterRef("pk"), status="pending")
    if step == "none":
        return Q(~Exists(waiting), status=Deal.Status.OPEN)
    return Q(Exists(waiting.filter(due_at__lt=at)), status=Deal.Status.OPEN)


def closing_condition(closing: str, *, today: date) -> Q:
    """The open deals that should have closed before today, do so this month, or have no date."""
    is_open = Q(status=Deal.Status.OPEN)
    if closing == "none":
        return is_open & Q(expected_close_date__isnull=True)
    if closing == "late":
        return is_open & Q(expected_close_date__lt=today)
    first = today.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return is_open & Q(expected_close_date__gte=first, expected_close_date__lt=following)


class StepFilter(SimpleListFilter):
    """The open deals of a list whose next step is overdue or not planned."""

    title = _("next step")
    parameter_name = "step"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return STEPS

    def queryset(self, request: Any, queryset: Any) -> Any:
        step = self.value()
        if step is None or step not in dict(STEPS):
            return queryset
        return queryset.filter(step_condition(step, at=timezone.now()))


class ClosingFilter(SimpleListFilter):
    """The open deals of a list by when they should close."""

    title = _("closing")
    parameter_name = "closing"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return CLOSINGS

    def queryset(self, request: Any, queryset: Any) -> Any:
        closing = self.value()
        if closing is None or closing not in dict(CLOSINGS):
            return queryset
        return queryset.filter(closing_condition(closing, today=timezone.localdate()))
