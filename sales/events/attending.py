"""Who is on the list of an event, what they answered, and who came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.users.models import User
from core.errors import DomainError, InvalidInput, NotFound
from prospects.contacts.models import Contact
from prospects.pipeline.services import acting_author
from sales.events.announcing import ANSWERED, CHECKED_IN, tell_attendee
from sales.events.models import Attendee, Event
from sales.events.services import EventCancelled, EventOver, lock_event
from sales.events.telling import tell_invited
from sales.invitations.services import call_off, invite, was_asked

Status = Attendee.Status
NEW, UNANSWERED, EVERYBODY = "new", "unanswered", "everybody"


class EventFull(DomainError):
    """Every seat is taken."""

    code = "event_full"


class OnListAlready(DomainError):
    """Nobody is on a list twice."""

    code = "on_list_already"


class CheckedInAlready(DomainError):
    """They came: the first time counts."""

    code = "checked_in_already"


class HasDeclined(DomainError):
    """Who declined is not checked in: they accept first."""

    code = "has_declined"


@transaction.atomic
def add_attendee(
    *,
    event_id: int,
    by: User,
    at: datetime,
    contact_id: int | None = None,
    user_id: int | None = None,
    is_invited: bool = True,
) -> Attendee:
    """Put a contact or a colleague, one of the two, on the list of an event.

    They are invited by mail, unless it is over.

    :param is_invited: False: no mail is sent (they were told otherwise).
    :raises NotFound: there is no such event.
    :raises EventCancelled: it was.
    :raises InvalidInput: there is no such person for `by`.
    :raises OnListAlready: they are on it.
    """
    event = lock_event(event_id)
    _refuse_cancelled(event)
    person = _person(contact_id, user_id, by)
    if Attendee.objects.filter(event=event, **person).exists():
        raise OnListAlready("They are on the list already.")
    attendee = Attendee(event=event, added_by=acting_author(by), created_at=at, **person)
    attendee.save()
    if is_invited and event.is_on(at):
        invite(event, [attendee], by=by, at=at)
        tell_invited(event, [attendee], by=by)
    _touch(event)
    return attendee


@transaction.atomic
def remove_attendee(*, event_id: int, attendee_id: int, by: User, at: datetime) -> None:
    """Take somebody off the list. Who was invited to what is still to come is told.

    :raises NotFound: there is no such event, or `by` sees nobody of that id on its list.
    """
    event = lock_event(event_id)
    attendee = _attendee(event, attendee_id, by)
    if event.is_on(at):
        call_off(event, [attendee], by=by, at=at)
    attendee.delete()
    _touch(event)


@transaction.atomic
def invite_attendees(*, event_id: int, whom: str, by: User, at: datetime) -> int:
    """Mail an invitation to people on the list whom `by` sees. Returns how many it goes to.

    :param whom: NEW (whom no mail has reached yet), UNANSWERED, or EVERYBODY but who declined.
    :raises NotFound: there is no such event.
    :raises EventCancelled, EventOver: nobody can come any more.
    """
    event = lock_event(event_id)
    _refuse_gone(event, at)
    people = Attendee.objects.visible_to(by).filter(event=event).exclude(status=Status.DECLINED)
    if whom == NEW:
        people = people.filter(~was_asked(), status=Status.INVITED)
    elif whom == UNANSWERED:
        people = people.filter(status=Status.INVITED)
    found = list(people.select_related("contact", "user").order_by("pk"))
    tell_invited(event, found, by=by)
    return invite(event, found, by=by, at=at)


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
    attendee = _attendee(event, attendee_id, by)
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
    _refuse_cancelled(event)
    attendee = _attendee(event, attendee_id, by)
    if attendee.checked_in_at is not None:
        raise CheckedInAlready("They were checked in before.")
    if attendee.status == Status.DECLINED:
        raise HasDeclined("They declined: note that they accept first.")
    attendee.checked_in_at, attendee.checked_in_by = at, acting_author(by)
    attendee.save()
    _touch(event)
    tell_attendee(attendee, CHECKED_IN)
    return attendee


def _answer(event: Event, attendee: Attendee, status: str, at: datetime) -> None:
    _refuse_gone(event, at)
    if attendee.pk and attendee.status == status and attendee.answered_at is not None:
        return
    if status == Status.DECLINED and attendee.checked_in_at is not None:
        raise CheckedInAlready("They came already.")
    if status == Status.ACCEPTED and attendee.status != Status.ACCEPTED:
        _take_seat(event)
    attendee.status, attendee.answered_at = status, at
    attendee.save()
    _touch(event)
    tell_attendee(attendee, ANSWERED)


def _take_seat(event: Event) -> None:
    seats = event.max_attendees
    if seats is not None and Attendee.objects.accepted().filter(event=event).count() >= seats:
        raise EventFull("Every seat is taken.")


def _person(contact_id: int | None, user_id: int | None, by: User) -> dict[str, Any]:
    if (contact_id is None) == (user_id is None):
        raise InvalidInput.of("contact_id", "Say contact_id or user_id, one of the two.")
    if contact_id is not None:
        seen = Contact.objects.visible_to(by, are_few=True)
        contact = seen.filter(pk=contact_id).first()
        if contact is None:
            raise InvalidInput.of("contact_id", "There is no such contact.")
        return {"contact": contact}
    user = User.objects.active().filter(pk=user_id).exclude(tenant=None).first()
    if user is None:
        raise InvalidInput.of("user_id", "There is no such active colleague.")
    return {"user": user}


def _attendee(event: Event, attendee_id: int, by: User | None) -> Attendee:
    rows = Attendee.objects
    people = (rows.present() if by is None else rows.visible_to(by)).filter(event=event)
    found: Attendee | None = (
        people.select_related("contact", "user", "event").filter(pk=attendee_id).first()
    )
    if found is None:
        raise NotFound("There is no such attendee.")
    return found


def _refuse_cancelled(event: Event) -> None:
    if event.cancelled_at is not None:
        raise EventCancelled("This event is cancelled.")


def _refuse_gone(event: Event, at: datetime) -> None:
    _refuse_cancelled(event)
    if event.is_over(at):
        raise EventOver("This event is over.")


def _touch(event: Event) -> None:
    """Who is on the list is part of what somebody read of the event."""
    Event.objects.filter(pk=event.pk).update(updated_at=Now())
