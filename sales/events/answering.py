"""Whether people come to an event, and whether they came."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.users.models import User
from core.errors import DomainError
from prospects.pipeline.services import acting_author
from sales.events.announcing import ANSWERED, CHECKED_IN, tell_attendee
from sales.events.models import Attendee, Event
from sales.events.services import (
    get_attendee,
    lock_event,
    note_change_of_list,
    refuse_cancelled,
    refuse_gone,
)

Status = Attendee.Status


class EventFull(DomainError):
    """Every seat is taken."""

    code = "event_full"


class CheckedInAlready(DomainError):
    """They came: the first time counts."""

    code = "checked_in_already"


class HasDeclined(DomainError):
    """Who declined is not checked in: they accept first."""

    code = "has_declined"


@transaction.atomic
def answer_own(*, event_id: int, status: str, by: User, at: datetime) -> Attendee:
    """Say whether one comes; who was not on the list is now.

    :raises NotFound: there is no such event.
    :raises EventCancelled, EventOver, EventFull, CheckedInAlready: as `answer`.
    """
    event = lock_event(event_id)
    attendee = Attendee.objects.filter(event=event, user=by).first()
    attendee = attendee or Attendee(event=event, user=by, added_by=by, created_at=at)
    _answer(event, attendee, status, at)
    return attendee


@transaction.atomic
def answer(
    *, event_id: int, attendee_id: int, status: str, by: User | None, at: datetime
) -> Attendee:
    """Note what somebody on the list answered; the same again changes nothing.

    :param by: None: they themselves, by their link.
    :raises NotFound: there is no such event, or `by` sees nobody of that id on its list.
    :raises EventCancelled, EventOver: nobody can answer any more.
    :raises EventFull: every seat is taken.
    :raises CheckedInAlready: who came did not decline.
    """
    event = lock_event(event_id)
    attendee = get_attendee(event, attendee_id, by)
    _answer(event, attendee, status, at)
    return attendee


@transaction.atomic
def check_in(*, event_id: int, attendee_id: int, by: User, at: datetime) -> Attendee:
    """Note that somebody came, once.

    :raises NotFound: there is no such event, or `by` sees nobody of that id on its list.
    :raises EventCancelled: it was.
    :raises HasDeclined: they said that they would not come.
    :raises CheckedInAlready: the first time stays.
    """
    event = lock_event(event_id)
    refuse_cancelled(event)
    attendee = get_attendee(event, attendee_id, by)
    if attendee.checked_in_at is not None:
        raise CheckedInAlready("They were checked in before.")
    if attendee.status == Status.DECLINED:
        raise HasDeclined("They declined: note that they accept first.")
    attendee.checked_in_at, attendee.checked_in_by = at, acting_author(by)
    attendee.save()
    note_change_of_list(event)
    tell_attendee(attendee, CHECKED_IN)
    return attendee


def _answer(event: Event, attendee: Attendee, status: str, at: datetime) -> None:
    refuse_gone(event, at)
    if attendee.pk and attendee.status == status and attendee.answered_at is not None:
        return
    if status == Status.DECLINED and attendee.checked_in_at is not None:
        raise CheckedInAlready("They came already.")
    if status == Status.ACCEPTED and attendee.status != Status.ACCEPTED:
        _take_seat(event)
    attendee.status, attendee.answered_at = status, at
    attendee.save()
    note_change_of_list(event)
    tell_attendee(attendee, ANSWERED)


def _take_seat(event: Event) -> None:
    seats = event.max_attendees
    if seats is not None and Attendee.objects.accepted().filter(event=event).count() >= seats:
        raise EventFull("Every seat is taken.")
