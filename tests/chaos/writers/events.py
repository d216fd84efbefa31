"""Events, and the mails that invite to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.chaos.desk import Desk
from tests.chaos.writers.people import API, new_contact


def invite(desk: Desk) -> None:
    person = desk.one_of("contact")
    if person is None:
        return new_contact(desk)
    begins = datetime.now(UTC) + timedelta(days=3)
    event = {
        "title": "{mark}",
        "type": "webinar",
        "start_at": begins.isoformat(),
        "end_at": (begins + timedelta(hours=1)).isoformat(),
    }
    made = desk.make("event", f"{API}/events", event)
    if made is None:
        return None
    path = f"{API}/events/{made['id']}"
    if desk.turn("guest", f"{path}/attendees", {"contact_id": person}):
        desk.turn("invite", f"{path}/invite", {"whom": "new"})
    return None
