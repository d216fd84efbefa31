"""Mails about events: what the worker sends, and what is kept of it."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

from django.core import mail as outbox
from django.db.models import F
from icalendar import Calendar

from core.tenancy import tenant_scope
from sales.guests.tasks import send_mails
from sales.models import EventMail
from tests.people import Team


def work(team: Team) -> list[Any]:
    """Have the worker send what waits; return the mails that left since the last time."""
    outbox.outbox.clear()
    send_mails(tenant_id=team.tenant.pk)
    return list(outbox.outbox)


def mails(team: Team) -> list[tuple[str, str, str]]:
    """Purpose, address and status of every mail, the oldest first."""
    with tenant_scope(team.tenant.pk):
        rows = EventMail.objects.order_by("pk")
        return list(rows.values_list("purpose", "recipient", "status"))


def raw(letter: Any) -> Any:
    """A mail as it goes over the wire, read again."""
    return message_from_bytes(letter.message().as_bytes(linesep="\r\n"), policy=default)


def calendar_of(letter: Any) -> tuple[str, Any]:
    """The method and the entry of the calendar file in a mail, as a calendar reads them."""
    (part,) = [each for each in raw(letter).walk() if each.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    assert part.get_param("method") == calendar["METHOD"]
    (entry,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), entry


def file_of(letter: Any) -> bytes:
    """The calendar file that is attached to a mail."""
    (file,) = [content for name, content, _mime in letter.attachments if name == "invite.ics"]
    return bytes(file)


def link_in(letter: Any) -> str:
    """The path of the link in a mail; text and HTML show the same one."""
    (found,) = re.findall(r"https?://[^/\s]+(/e/[\w-]+)", letter.body)
    assert found in letter.alternatives[0][0]
    return str(found)


def time_passes(team: Team, **delta: float) -> None:
    """All that waits, or is in flight, has waited so much longer; what was sent, so much before."""
    with tenant_scope(team.tenant.pk):
        passed = timedelta(**delta)
        EventMail.objects.filter(status="sent").update(sent_at=F("sent_at") - passed)
        waiting = EventMail.objects.filter(status__in=("pending", "in_flight"))
        waiting.update(due_at=F("due_at") - passed)
