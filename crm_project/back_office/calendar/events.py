"""Events in the calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.errors import NotAllowed, NotFound
from crm_project.back_office.calendar.items import OPEN, Item, state_of
from sales.events.models import TYPES, Event
from sales.events.services import edit_event

VIEW = "sales.view_event"
CHANGE = "sales.change_event"
MOMENT = "start_at"


def rows(user: Any, of: int | None, since: datetime, until: datetime) -> Any:
    """The events that begin in some days, cancelled ones too.

    :param of: who holds them or comes; None: anybody.
    """
    events = Event.objects.beginning(since, until)
    return events if of is None else events.of_colleague(of)


def count(user: Any, of: int | None, since: datetime, until: datetime) -> None:
    """They are not so many that they could not be counted as they are found."""


def read(ids: Collection[int], user: Any) -> list[Item]:
    """What is shown of some of them."""
    may_change = user.has_perm(CHANGE)
    events = Event.objects.filter(pk__in=ids).select_related("owner")
    return [_item(event, may_change) for event in events]


def move(pk: int, *, to: datetime, seen: datetime, by: Any, at: datetime) -> None:
    """Let one begin at another moment; it lasts as long as before.

    :raises DomainError: as edit_event.
    """
    if not by.has_perm(CHANGE):
        raise NotAllowed("You may not change events.")
    event = Event.objects.filter(pk=pk).first()
    if event is None:
        raise NotFound("There is no such event.")
    values = {"start_at": to, "end_at": event.end_at + (to - event.start_at)}
    known = {"start_at": seen, "end_at": event.end_at}
    edit_event(event_id=pk, values=values, seen=known, by=by, at=at)


def _item(event: Event, may_change: bool) -> Item:
    is_off = event.cancelled_at is not None
    is_over = event.is_over(timezone.now())
    return Item(
        kind="event",
        pk=event.pk,
        at=event.start_at,
        until=event.end_at,
        title=event.title,
        detail=event.location,
        owner=str(event.owner or ""),
        link=reverse("admin:sales_event_change", args=(event.pk,)),
        icon="event",
        type=TYPES.get(event.type, event.type),
        state=state_of(event.start_at, is_done=is_over and not is_off, is_off=is_off)
        if is_over or is_off
        else OPEN,
        may_move=may_change and not is_off and not is_over,
        asks=True,
    )
