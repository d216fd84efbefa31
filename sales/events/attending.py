"""Who is on the list of an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.users.models import User
from core.errors import DomainError, InvalidInput
from prospects.contacts.models import Contact
from prospects.pipeline.services import acting_author
from sales.events.models import Attendee
from sales.events.services import (
    get_attendee,
    lock_event,
    note_change_of_list,
    refuse_cancelled,
    refuse_gone,
)
from sales.events.telling import tell_invited
from sales.invitations.services import call_off, invite, was_asked

Status = Attendee.Status
NEW, UNANSWERED, EVERYBODY = "new", "unanswered", "everybody"


class OnListAlready(DomainError):
    """Nobody is on a list twice."""

    code = "on_list_already"


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
    refuse_cancelled(event)
    person = _person(contact_id, user_id, by)
    if Attendee.objects.filter(event=event, **person).exists():
        raise OnListAlready("They are on the list already.")
    attendee = Attendee(event=event, added_by=acting_author(by), created_at=at, **person)
    attendee.save()
    if is_invited and event.is_on(at):
        invite(event, [attendee], by=by, at=at)
        tell_invited(event, [attendee], by=by)
    note_change_of_list(event)
    return attendee


@transaction.atomic
def remove_attendee(*, event_id: int, attendee_id: int, by: User, at: datetime) -> None:
    """Take somebody off the list. Who was invited to what is still to come is told.

    :raises NotFound: there is no such event, or `by` sees nobody of that id on its list.
    """
    event = lock_event(event_id)
    attendee = get_attendee(event, attendee_id, by)
    if event.is_on(at) and call_off(event, [attendee], by=by, at=at):
        event.sequence += 1  # calendars compare it with the invitation's
        event.save()
    attendee.delete()
    note_change_of_list(event)


@transaction.atomic
def invite_attendees(*, event_id: int, whom: str, by: User, at: datetime) -> int:
    """Mail an invitation to people on the list whom `by` sees. Returns how many it goes to.

    :param whom: NEW (whom no mail has reached yet), UNANSWERED, or EVERYBODY but who declined.
    :raises NotFound: there is no such event.
    :raises EventCancelled, EventOver: nobody can come any more.
    """
    event = lock_event(event_id)
    refuse_gone(event, at)
    people = Attendee.objects.visible_to(by).filter(event=event).exclude(status=Status.DECLINED)
    if whom == NEW:
        people = people.filter(~was_asked(), status=Status.INVITED)
    elif whom == UNANSWERED:
        people = people.filter(status=Status.INVITED)
    found = list(people.select_related("contact", "user").order_by("pk"))
    tell_invited(event, found, by=by)
    return invite(event, found, by=by, at=at)


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
