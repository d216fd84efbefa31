"""Contacts and companies for tests of the sales API."""

from __future__ import annotations

from typing import Any

from clients.models import Company
from core.tenancy import tenant_scope
from prospects.models import Contact
from tests.people import Person, Team
from tests.prospects.cards_of import card

CONTACTS = "/api/v1/contacts"


def contact(person: Person, **fields: Any) -> dict[str, Any]:
    """A contact that somebody made through the sales API, as it was answered."""
    answer = person.post(CONTACTS, {"first_name": "Maria", **fields})
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def company(team: Team, *, owner: Person, name: str = "Soluciones SA", **values: Any) -> Company:
    """A company with its card."""
    made = card(team, owner=owner, company_name=name, **values)
    with tenant_scope(team.tenant.pk):
        return Company.objects.create(prospect=made)


def stored(team: Team, pk: int) -> Contact:
    """A contact as it is in the table, deleted or not."""
    with tenant_scope(team.tenant.pk):
        return Contact.all_objects.get(pk=pk)


def ids(answer: Any) -> list[int]:
    """The ids of a list's page."""
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["data"]]
