"""The kinds of things that the calendar shows: each is a module that finds, reads and moves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm_project.back_office.calendar import activities, events, follow_ups

KINDS: dict[str, Any] = {"follow_up": follow_ups, "activity": activities, "event": events}
NAMES = {"follow_up": _("Follow-ups"), "activity": _("Activities"), "event": _("Events")}
LOGGED = ("follow_up", "activity")  # what has a result


def kinds_of(user: Any) -> tuple[str, ...]:
    """The kinds that a user may look at."""
    return tuple(name for name, kind in KINDS.items() if user.has_perm(kind.VIEW))
