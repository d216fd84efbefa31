"""What the demo tenants invite to: something past, something on now, something to come."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.users.models import User
from prospects.contacts.models import Contact
from sales.events.answering import answer, answer_own
from sales.events.models import Attendee, Event
from sales.events.services import cancel_event, create_event

# Days from today, hour (UTC: six later than in Mexico), hours, type, title, place, link, seats.
EVENTS: tuple[tuple[int, int, int, str, str, str, str, int | None], ...] = (
    (-21, 16, 2, "webinar", "Webinar: Envíos sin sorpresas", "", "https://meet.demo.test/env", 100),
    (-6, 15, 3, "training", "Capacitación: tarifas nuevas", "Sala B, piso 3", "", 12),
    (0, 23, 1, "meeting", "Revisión de la semana", "Sala de juntas", "", None),
    (3, 17, 2, "webinar", "Webinar: Comercio electrónico", "", "https://meet.demo.test/com", 30),
    (9, 16, 6, "conference", "Foro de logística", "Centro Banamex, CDMX", "", 40),
    (16, 15, 4, "workshop", "Taller: empaque que protege", "Bodega Vallejo", "", 8),
    (24, 1, 3, "social", "Cena con clientes", "Restaurante El Cardenal", "", 20),
)
CALLED_OFF = "Taller: empaque que protege"
ANSWERS = ("accepted", "accepted", "accepted", "tentative", "declined", "")
GUESTS = 9


def add_events(*, seed: int, at: datetime, owners: Sequence[User]) -> None:
    """Create events with who is invited, comes and came; nobody is mailed."""
    dice = random.Random(seed)
    people = list(Contact.objects.exclude(email="").order_by("pk")[: GUESTS * 6])
    for number, (days, hour, length, *columns) in enumerate(EVENTS):
        day = (at + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
        invited_at = min(day, at) - timedelta(days=5)
        owner = owners[number % len(owners)]
        event = _event(day, length, columns, by=owner, at=invited_at)
        some = dice.sample(people, min(GUESTS, len(people)))
        for guest in some:
            _invite(event, guest, dice, by=owner, at=invited_at)
        _go(event, owners, dice, at=at)


def _event(day: datetime, hours: int, columns: Sequence[Any], *, by: User, at: datetime) -> Event:
    kind, title, place, link, seats = columns
    values = {
        "title": title,
        "type": kind,
        "start_at": day,
        "end_at": day + timedelta(hours=hours),
        "location": place,
        "online_url": link,
        "max_attendees": seats,
        "is_mandatory": kind == "training",
        "description": "Le esperamos. Responda para apartar su lugar.",
    }
    return create_event(values=values, by=by, at=at)


def _invite(event: Event, guest: Contact, dice: random.Random, *, by: User, at: datetime) -> None:
    """Put somebody on the list and note what they answered: by whoever sees them."""
    person = Attendee(event=event, contact=guest, added_by=by, created_at=at)
    person.save()
    status = dice.choice(ANSWERS)
    taken = Attendee.objects.accepted().filter(event=event).count()
    is_full = event.max_attendees is not None and taken >= event.max_attendees
    if status and not (status == "accepted" and is_full):
        answer(event_id=event.pk, attendee_id=person.pk, status=status, by=None, at=at)


def _go(event: Event, owners: Sequence[User], dice: random.Random, *, at: datetime) -> None:
    """Colleagues say whether they come; most of who accepted what is past came; one is off."""
    if event.title == CALLED_OFF:
        cancel_event(event_id=event.pk, by=owners[0], at=at)
    elif event.is_over(at):
        came = Attendee.objects.accepted().filter(event=event).order_by("pk")
        for number, person in enumerate(came):
            if number % 4:
                person.checked_in_at = event.start_at + timedelta(minutes=dice.randint(-15, 20))
                person.checked_in_by = event.owner
                person.save()
    else:
        for user in owners:
            answer_own(event_id=event.pk, status="accepted", by=user, at=at)
