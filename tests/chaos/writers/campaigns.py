"""One mail to many."""

from __future__ import annotations

from tests.chaos.desk import Desk
from tests.chaos.writers.people import API, new_contact

FEWEST, MOST = 3, 40


def send_campaign(desk: Desk) -> None:
    people = desk.made.get("contact", [])
    if len(people) < FEWEST:
        return new_contact(desk)
    chosen = desk.chance.sample(people, min(len(people), MOST))
    members = {"name": "{mark}", "type": "static", "contact_ids": chosen}
    segment = desk.make("segment", f"{API}/segments", members)
    if segment is None:
        return None
    letter = {
        "name": "{mark}",
        "subject": "{mark}",
        "content": "<p>Hola</p>",
        "segment_id": segment["id"],
    }
    campaign = desk.make("campaign", f"{API}/campaigns", letter)
    if campaign is not None:
        desk.turn("launch", f"{API}/campaigns/{campaign['id']}/send")
    return None
