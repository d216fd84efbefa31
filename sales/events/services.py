from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from accounts.users.models import User
from core.errors import DomainError, InvalidInput, NotFound
from core.search_text import search_text
from core.seen import Seen, refuse_unseen
from prospects.pipeline.services import acting_author
from sales.events.announcing import CANCELLED, CREATED, DELETED, UPDATED, tell_event
from sales.events.models import LONGEST_TYPE, Attendee, Event
from sales.events.telling import tell_called_off, tell_changed
from sales.invitations.services import call_off, call_off_again, send_update, was_asked

Values = Mapping[str, Any]
Status = Attendee.Status
WHEN_AND_WHERE = ("start_at", "end_at", "location", "online_url")
IN_CALENDARS = (*WHEN_AND_WHERE, "title", "description", "is_mandatory")


class EventCancelled(DomainError):
    """It was cancelled: nothing is done about it any more."""

    code = "event_cancelled"


class EventOver(DomainError):
    """It has ended."""

    code = "event_over"


@transaction.atomic
def create_event(*, values: Values, by: User | None, at: datetime) -> Event:
    """Plan an event; without an owner it is the creator's.

    :param values: normalised columns.
    :raises InvalidInput: it ends before it begins.
    """
    author = acting_author(by)
    mine = {"owner_id": author.pk if author else None, **values}
    event = Event(created_by=author, created_at=at)
    _set(event, mine)
    event.save()
    tell_event(event, CREATED)
    return event


@transaction.atomic
def edit_event(
    *, event_id: int, values: Values, by: User | None, at: datetime, seen: Seen | None = None
) -> Event:
    """Change columns of an event. What is not named stays.

    Another time or place is told to everybody who was invited and has not declined.

    :param seen: columns of it as whoever asks saw them.
    :raises NotFound: there is no such event.
    :raises Outdated: it is not as they saw it.
    :raises EventCancelled: it was.
    :raises InvalidInput: it ends before it begins, or has fewer seats than have been taken.
    """
    event = lock_event(event_id)
    refuse_unseen(event, seen)
    refuse_cancelled(event)
    before = {name: getattr(event, name) for name in (*IN_CALENDARS, "max_attendees")}
    _set(event, values)
    if event.max_attendees != before["max_attendees"]:
        _refuse_too_few_seats(event)
    changed = {name for name in IN_CALENDARS if getattr(event, name) != before[name]}
    if changed:
        event.sequence += 1
    event.save()
    if changed.intersection(WHEN_AND_WHERE) and event.is_on(at):
        _tell_of_change(event, by=by, at=at)
    tell_event(event, UPDATED)
    return event


@transaction.atomic
def cancel_event(*, event_id: int, by: User | None, at: datetime) -> Event:
    """Call an event off. It stays in the list, and whoever was invited is told.

    :raises NotFound: there is no such event.
    :raises EventCancelled: it was cancelled before.
    :raises EventOver: it has taken place.
    """
    event = lock_event(event_id)
    refuse_gone(event, at)
    event.cancelled_at = at
    _call_off(event, by=by, at=at)
    event.save()
    tell_event(event, CANCELLED)
    return event


@transaction.atomic
def call_off_undelivered(*, event_id: int, at: datetime) -> int:
    """Tell those again whom the news that they need not come may not have reached, of an event
    that is called off or whose list they were taken off. Returns how many they are.

    :raises NotFound: there is no such event.
    :raises EventOver: it has taken place.
    """
    event = lock_event(event_id)
    if event.is_over(at):
        raise EventOver("This event is over.")
    return call_off_again(event, at=at)


@transaction.atomic
def delete_event(*, event_id: int, by: User | None, at: datetime) -> None:
    """Delete an event: nobody sees it any more. Whoever was invited to what is still to come is
    told that it is called off.

    :raises NotFound: there is no such event.
    """
    event = lock_event(event_id)
    if event.is_on(at):
        _call_off(event, by=by, at=at)
    tell_event(event, DELETED)
    event.deleted_at = at
    event.save()


def lock_event(event_id: int) -> Event:
    """Return an event, locked: who takes seats, or tells its people, takes turns.

    :raises NotFound: there is no such event.
    """
    event: Event | None = Event.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise NotFound("There is no such event.")
    return event


def get_attendee(event: Event, attendee_id: int, by: User | None) -> Attendee:
    """Return somebody on the list of an event.

    :param by: None: whoever is on it; else whom they see.
    :raises NotFound: there is nobody of that id.
    """
    rows = Attendee.objects
    people = (rows.present() if by is None else rows.visible_to(by)).filter(event=event)
    found: Attendee | None = (
        people.select_related("contact", "user", "event").filter(pk=attendee_id).first()
    )
    if found is None:
        raise NotFound("There is no such attendee.")
    return found


def refuse_cancelled(event: Event) -> None:
    """:raises EventCancelled: it was."""
    if event.cancelled_at is not None:
        raise EventCancelled("This event is cancelled.")


def refuse_gone(event: Event, at: datetime) -> None:
    """:raises EventCancelled, EventOver: nobody can come any more."""
    refuse_cancelled(event)
    if event.is_over(at):
        raise EventOver("This event is over.")


def note_change_of_list(event: Event) -> None:
    """Who is on the list is part of what somebody read of the event."""
    Event.objects.filter(pk=event.pk).update(updated_at=Now())


def _set(event: Event, values: Values) -> None:
    for name, value in values.items():
        setattr(event, name, value)
    if event.end_at <= event.start_at:
        raise InvalidInput.of("end_at", "It must end after it begins.")
    event.type = event.type.lower()  # which makes some letters two
    if len(event.type) > LONGEST_TYPE:
        raise InvalidInput.of("type", "It is too long.")
    event.remind_before = sorted(set(event.remind_before))
    event.search_text = " " + search_text(event.title, event.location)


def _refuse_too_few_seats(event: Event) -> None:
    taken = Attendee.objects.accepted().filter(event=event).count()
    if event.max_attendees is not None and event.max_attendees < taken:
        raise InvalidInput.of("max_attendees", f"{taken} have accepted already.")


def _tell_of_change(event: Event, *, by: User | None, at: datetime) -> None:
    coming = _people(event).exclude(status=Status.DECLINED)
    people = list(coming.filter(was_asked()) | coming.filter(answered_at__isnull=False))
    send_update(event, people, by=by, at=at)
    tell_changed(event, people, by=by)


def _call_off(event: Event, *, by: User | None, at: datetime) -> None:
    event.sequence += 1
    people = list(_people(event))
    call_off(event, people, by=by, at=at)
    coming = [each for each in people if each.status != Status.DECLINED]
    tell_called_off(event, coming, by=by)


def _people(event: Event) -> Any:
    people = Attendee.objects.present().filter(event=event)
    return people.select_related("contact", "user").order_by("pk")
