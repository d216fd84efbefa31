"""The mails about an event."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.letters import named_address, one_line, write_letter
from sales.events.models import Attendee, Event
from sales.guests.calendar_file import CANCEL, REQUEST, calendar_file
from sales.guests.wording import time_text
from sales.invitations.links import new_link
from sales.invitations.models import EventMail

Purpose = EventMail.Purpose
LONGEST_SUBJECT = 200


def letter_of(mail: EventMail, event: Event, attendee: Attendee | None) -> EmailMultiAlternatives:
    """Return the mail with what a calendar needs, and a link to answer by.

    It comes from the tenant, at our address; answers go to the event's owner.

    :raises ClaimLost: the mail is not the caller's to send any more.
    """
    tenant = mail.tenant
    is_off = mail.purpose == Purpose.CANCELLATION
    with override(mail.language):
        letter = write_letter(
            to=mail.recipient,
            subject=_subject(mail, event),
            template="sales/mail_event",
            language=mail.language,
            sender=tenant.name,
            answers_to=_answers_to(event),
            headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
            name=mail.name,
            tenant=tenant.name,
            purpose=mail.purpose,
            event=event,
            when=time_text(event, tenant.zone),
            is_mandatory=event.is_mandatory,
            url="" if is_off else new_link(mail),
        )
    if mail.purpose != Purpose.REMINDER:
        _attach(letter, mail, event, attendee)
    return letter


def _attach(
    letter: EmailMultiAlternatives, mail: EventMail, event: Event, attendee: Attendee | None
) -> None:
    """Beside the texts, so that mail programs offer to answer, and as a file for the others."""
    method = CANCEL if mail.purpose == Purpose.CANCELLATION else REQUEST
    file = calendar_file(
        event,
        method=method,
        at=timezone.now(),
        organizer=mail.tenant.name,
        email=mail.recipient,
        name=mail.name,
        status=attendee.status if attendee else Attendee.Status.INVITED,
    )
    letter.attach_alternative(file.decode(), f"text/calendar; method={method}")
    letter.attach("invite.ics", file, "application/ics")


def _subject(mail: EventMail, event: Event) -> str:
    said: dict[str, Any] = {"title": event.title, "tenant": mail.tenant.name}
    texts = {
        Purpose.INVITATION: _("Invitation: %(title)s (%(tenant)s)"),
        Purpose.UPDATE: _("Another time or place: %(title)s (%(tenant)s)"),
        Purpose.CANCELLATION: _("Called off: %(title)s (%(tenant)s)"),
        Purpose.REMINDER: _("Reminder: %(title)s (%(tenant)s)"),
    }
    subject = texts[Purpose(mail.purpose)] % said
    return Truncator(one_line(subject)).chars(LONGEST_SUBJECT)


def _answers_to(event: Event) -> str:
    owner = event.owner
    if owner is None or not owner.is_active:
        return ""
    return named_address(owner.name, owner.email)
