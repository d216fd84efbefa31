"""What is mailed about events, and who hears when it does not arrive (core.delivering)."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.delivering import Post
from core.mails import NotNeeded
from sales.events.models import Attendee, Event
from sales.events.telling import tell_not_delivered
from sales.guests.reminders import EXPECTED
from sales.guests.writing import letter_of
from sales.invitations.models import EventMail

Purpose = EventMail.Purpose


def _write(mail: EventMail) -> EmailMultiAlternatives:
    event = Event.all_objects.select_related("owner").get(pk=mail.event_id)
    attendee = _present(mail)
    with override(mail.language):
        reason = _not_needed(mail, event, attendee)
    if reason:
        raise NotNeeded(reason)
    return letter_of(mail, event, attendee)


def _present(mail: EventMail) -> Attendee | None:
    people = Attendee.objects.present().select_related("contact", "user")
    found: Attendee | None = people.filter(pk=mail.attendee_id or 0).first()
    return found


def _not_needed(mail: EventMail, event: Event, attendee: Attendee | None) -> str:
    """Return why a mail has no sense any more; "" if it has."""
    at = timezone.now()
    if event.is_over(at):
        return _("The event was over before it was sent.")
    if mail.purpose == Purpose.CANCELLATION:
        return ""
    if not event.is_on(at):
        return _("The event was called off before it was sent.")
    if attendee is None:
        return _("They were taken off the list before it was sent.")
    if mail.purpose != Purpose.REMINDER:
        return ""
    is_expected = attendee.status in EXPECTED
    if not is_expected or mail.start_at != event.start_at or event.start_at <= at:
        return _("There is nothing to remind of any more.")
    return ""


def _tell_undelivered(mail: EventMail) -> None:
    if mail.purpose != Purpose.REMINDER:
        detail = f"{mail.recipient}: {mail.answer}"
        tell_not_delivered(
            mail.event, once=f"{mail.pk}:{mail.status}:{mail.due_at.isoformat()}", detail=detail
        )


EVENT_MAILS = Post(
    model=EventMail, related=("event",), write=_write, tell_undelivered=_tell_undelivered
)
