"""Events for tests, made through the sales API."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core.tenancy import tenant_scope
from sales.models import Event
from tests.people import Person, Team
from tests.sales.contacts.contacts_of import contact

EVENTS = "/api/v1/events"
MARIA = "maria@client.test"


def soon(**delta: float) -> str:
    """A moment from now, as it is sent."""
    return (timezone.now() + timedelta(**delta)).isoformat()


def event(person: Person, **fields: Any) -> dict[str, Any]:
    """An event of two hours, three days from now, as it was answered."""
    sent = {
        "title": "Webinar: Tendencias Fiscales",
        "type": "webinar",
        "start_at": soon(days=3),
        "end_at": soon(days=3, hours=2),
        **fields,
    }
    return made(person.post(EVENTS, sent))


def path_of(pk: int, *more: Any) -> str:
    return "/".join(map(str, (EVENTS, pk, *more)))


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def done(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def maria(person: Person, **fields: Any) -> int:
    """A contact with an address."""
    known = {"first_name": "Maria", "last_name": "Lopez", "emails": [MARIA], **fields}
    return int(contact(person, **known)["id"])


def add(person: Person, pk: int, **who: Any) -> dict[str, Any]:
    """Somebody who was put on the list."""
    return made(person.post(path_of(pk, "attendees"), who))


def rsvp(person: Person, pk: int, status: str = "accepted") -> Any:
    return person.post(path_of(pk, "rsvp"), {"status": status})


def people(person: Person, pk: int) -> list[dict[str, Any]]:
    """Who is on the list, as somebody sees it."""
    return done(person.get(path_of(pk)))["attendees"]


def move(team: Team, pk: int, start_at: datetime, hours: float = 2) -> None:
    """Have an event take place at another time, without telling anybody."""
    with tenant_scope(team.tenant.pk):
        end_at = start_at + timedelta(hours=hours)
        Event.objects.filter(pk=pk).update(start_at=start_at, end_at=end_at)


def make_past(team: Team, pk: int) -> None:
    move(team, pk, timezone.now() - timedelta(days=1))
