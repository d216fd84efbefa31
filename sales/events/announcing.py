"""What tenants' own systems are told about events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.webhooks.outbox import emit
from sales.events.models import Attendee, Event
from sales.events.rows import attendee_data, event_data

CREATED, UPDATED = "event.created", "event.updated"
CANCELLED, DELETED = "event.cancelled", "event.deleted"
ANSWERED, CHECKED_IN = "attendee.answered", "attendee.checked_in"
EVENTS = {
    CREATED: _("Event created"),
    UPDATED: _("Event changed"),
    CANCELLED: _("Event cancelled"),
    DELETED: _("Event deleted"),
    ANSWERED: _("Invitation answered"),
    CHECKED_IN: _("Attendee checked in"),
}


def tell_event(event: Event, name: str) -> None:
    """Tell what was done with an event, in the transaction that does it."""
    emit({name: lambda: event_data(event.pk)})


def tell_attendee(attendee: Attendee, name: str) -> None:
    """Tell what somebody on a list did, in the transaction that writes it."""
    emit({name: lambda: attendee_data(attendee.pk)})
