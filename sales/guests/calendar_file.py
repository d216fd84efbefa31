"""Events as calendars read them (RFC 5545), and as mail programs offer them to be answered
(RFC 5546)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from unicodedata import category

from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from core.letters import own_address
from sales.events.models import Attendee, Event

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
UNWRITABLE = ("Cc", "Cs")
PRODUCT = "-//CRM//Events//EN"
PARTSTAT = {
    Attendee.Status.INVITED: "NEEDS-ACTION",
    Attendee.Status.ACCEPTED: "ACCEPTED",
    Attendee.Status.DECLINED: "DECLINED",
    Attendee.Status.TENTATIVE: "TENTATIVE",
}


def calendar_file(
    event: Event,
    *,
    method: str,
    at: datetime,
    organizer: str,
    email: str = "",
    name: str = "",
    status: str = Attendee.Status.INVITED,
) -> bytes:
    """Return an event as an .ics file: CRLF, folded lines, escaped texts, times in UTC.

    :param organizer: by whose name it is held. The address is ours whoever owns the event:
        calendars take changes only from the address that the invitation came from.
    :param email: of whoever is asked; "" with PUBLISH, which asks nobody.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    entry = _entry(event, method=method, at=at)
    entry.add("organizer", _address(own_address(), organizer), encode=False)
    if email:
        entry.add("attendee", _guest(event, email, name, status), encode=False)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _entry(event: Event, *, method: str, at: datetime) -> Entry:
    entry = Entry()
    entry.add("uid", str(event.uid))
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", at.astimezone(UTC).replace(microsecond=0))
    entry.add("dtstart", event.start_at.astimezone(UTC))
    entry.add("dtend", event.end_at.astimezone(UTC))
    entry.add("summary", _plain(event.title))
    place = _plain(event.location or event.online_url)
    for field, text in (
        ("location", place),
        ("description", _plain(event.description)),
        ("url", event.online_url),
    ):
        if text:
            entry.add(field, text)
    is_off = event.cancelled_at is not None or event.deleted_at is not None
    if method != CANCEL or is_off:  # whoever is taken off is told by the method alone: it goes on
        entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    return entry


def _guest(event: Event, email: str, name: str, status: str) -> vCalAddress:
    guest = _address(email, name)
    guest.params["CUTYPE"] = vText("INDIVIDUAL")
    guest.params["ROLE"] = vText("REQ-PARTICIPANT" if event.is_mandatory else "OPT-PARTICIPANT")
    guest.params["PARTSTAT"] = vText(PARTSTAT[Attendee.Status(status)])
    guest.params["RSVP"] = vText("TRUE")
    return guest


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    plain = _plain(name).replace('"', "'").replace("\n", " ")  # a parameter has no quotes within
    if plain:
        address.params["CN"] = vText(plain)
    return address


def _plain(text: Any) -> str:
    """A text without what calendars may not hold: control characters other than line breaks."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each in "\n\t" or category(each) not in UNWRITABLE)
