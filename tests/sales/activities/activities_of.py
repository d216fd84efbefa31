"""Activities for tests, made through the sales API."""

from __future__ import annotations

from typing import Any

from tests.people import Person

ACTIVITIES = "/api/v1/activities"
CONTACT, DEAL, COMPANY = (f"App\\Models\\{name}" for name in ("Contact", "Deal", "Company"))


def activity(person: Person, **fields: Any) -> dict[str, Any]:
    """Something that somebody is to do, as it was answered."""
    answer = person.post(ACTIVITIES, {"subject": "Call Maria", "type": "call", **fields})
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def about(kind: str, pk: int) -> dict[str, str]:
    """What an activity is about, as it is sent."""
    return {"activitable_type": kind, "activitable_id": str(pk)}


def subjects(person: Person, **query: Any) -> list[str]:
    """The subjects that a list shows."""
    answer = person.get(ACTIVITIES, query)
    assert answer.status_code == 200, answer.content
    return [row["subject"] for row in answer.json()["data"]]
