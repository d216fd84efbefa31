"""Segments for tests, made through the sales API as people make them."""

from __future__ import annotations

from typing import Any

from tests.people import Person, Team
from tests.sales.contacts.contacts_of import contact

SEGMENTS, PREVIEW = "/api/v1/segments", "/api/v1/segments/preview"


def where(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    """A condition."""
    return {"field": field, "operator": operator, "value": value}


def segment(team: Team, **fields: Any) -> dict[str, Any]:
    """A segment that the manager made, as it was answered; dynamic unless said otherwise."""
    answer = team.mona.post(SEGMENTS, {"name": "Clientes", "type": "dynamic", **fields})
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def people(person: Person, **named: dict[str, Any]) -> dict[str, int]:
    """Contacts that somebody made, called as the arguments are; their ids by name."""
    return {
        name: contact(person, first_name=name, **fields)["id"] for name, fields in named.items()
    }


def found(person: Person, *conditions: dict[str, Any]) -> list[str]:
    """The first names of those who fulfil conditions, the newest first."""
    answer = person.post(PREVIEW, {"conditions": list(conditions)})
    assert answer.status_code == 200, answer.content
    data = answer.json()["data"]
    assert data["count"] == len(data["contacts"])
    return [row["first_name"] for row in data["contacts"]]


def names(answer: Any) -> list[str]:
    """The first names of the people on a page."""
    assert answer.status_code == 200, answer.content
    return [row["first_name"] for row in answer.json()["data"]]
