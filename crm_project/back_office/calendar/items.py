"""One thing in the calendar, whatever kind it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone

LATE, OPEN, DONE, OFF = "late", "open", "done", "off"


@dataclass(frozen=True)
class Item:
    """A follow-up, an activity or an event, at the moment for which it is planned."""

    kind: str
    pk: int
    at: datetime
    title: str
    link: str
    icon: str
    type: Any  # in words: a call, a meeting
    state: str
    may_move: bool
    may_log: bool = False
    detail: str = ""
    owner: str = ""
    action: str = ""  # what is proposed as having been done
    until: datetime | None = None
    asks: bool = False  # others are told of another time: whoever moves it is asked first

    @property
    def local(self) -> datetime:
        """When it is for whoever looks."""
        return timezone.localtime(self.at)

    @property
    def has_hour(self) -> bool:
        """What was planned for a day alone stands at its midnight."""
        return self.local.time() != time.min

    @property
    def seen(self) -> str:
        """What is sent back with a change, so that nobody changes what they have not seen."""
        return self.at.isoformat()


def state_of(at: datetime, *, is_done: bool, is_off: bool = False) -> str:
    """Whether something is done, called off, late or still to come.

    What has no hour is late when its day is over.
    """
    if is_done or is_off:
        return DONE if is_done else OFF
    local, now = timezone.localtime(at), timezone.localtime()
    is_late = local < now if local.time() != time.min else local.date() < now.date()
    return LATE if is_late else OPEN
