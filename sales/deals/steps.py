"""What comes next with a deal, and when it closes: filters of the board and of the list.

Activities are the ones above: reached by the relation's name, here alone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.back_office_filters import ConditionFilter
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


class StepFilter(ConditionFilter):
    """The open deals of a list whose next step is overdue or not planned."""

    title = _("next step")
    parameter_name = "step"
    offered = STEPS

    def condition(self, asked: str) -> Q:
        return step_condition(asked, at=timezone.now())


class ClosingFilter(ConditionFilter):
    """The open deals of a list by when they should close."""

    title = _("closing")
    parameter_name = "closing"
    offered = CLOSINGS

    def condition(self, asked: str) -> Q:
        return closing_condition(asked, today=timezone.localdate())
