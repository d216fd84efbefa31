"""When somebody is to contact a card next: a filter of the board and of the list."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.back_office_filters import ConditionFilter, midnight

STEPS = (
    ("overdue", _("Overdue")),
    ("today", _("Today")),
    ("week", _("In the next 7 days")),
    ("none", _("No next step")),
)


def step_condition(step: str, *, at: datetime, today: date) -> Q:
    """The cards whose next contact is so; the days are those of whoever looks."""
    if step == "overdue":
        return Q(next_contact_at__lt=at)
    if step == "none":
        return Q(next_contact_at__isnull=True)
    days = {"today": 1, "week": 7}[step]
    until = midnight(today + timedelta(days=days))
    return Q(next_contact_at__gte=midnight(today), next_contact_at__lt=until)


class NextStepFilter(ConditionFilter):
    """The cards of a list whose next contact is overdue, today, soon, or not planned."""

    title = _("next step")
    parameter_name = "step"
    offered = STEPS

    def condition(self, asked: str) -> Q:
        now = timezone.now()
        return step_condition(asked, at=now, today=timezone.localdate(now))
