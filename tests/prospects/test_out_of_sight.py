"""Every door to a card, tried by people who may not see it: 404, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from core.models import TenantModel
from core.tenancy import across_tenants, tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.followups.services import add_note
from prospects.locations.services import add_location
from prospects.sharing.services import share_prospect
from tests.people import Team
from tests.prospects.cards_of import card

pytestmark = pytest.mark.django_db

PLACE = {"name": "Bodega", "type": "warehouse", "link": "https://maps.google.com/?q=1"}
JANE = {
    "name": "Jane Smith",
    "email": "jane@stolen.mx",
    "phone_code": "52",
    "phone": "5512345678",
}
LATER = "2030-01-02T10:00:00Z"
DOORS = [
    ("get", "/prospects/{card}", None),
    ("patch", "/prospects/{card}", {"name": "stolen"}),
    ("patch", "/prospects/{card}/data", {"channel": "stolen"}),
    ("post", "/prospects/{card}/notes", {"note": "stolen"}),
    ("patch", "/prospects/{card}/notes/{note}", {"origin": "prospect", "scheduled_date": LATER}),
    ("post", "/prospects/{card}/contacts", JANE),
    ("put", "/prospects/{person}/contacts", {"name": "stolen"}),
    ("put", "/prospects/{card}/contacts", {"name": "stolen", "isDefault": True}),
    ("post", "/prospects/{card}/locations", PLACE),
    ("put", "/prospects/locations/{place}", {"name": "stolen"}),
    ("get", "/prospects/{card}/shares", None),
    ("post", "/prospects/{card}/shares", {"user_id": "{me}", "permission": "change"}),
    ("delete", "/prospects/{card}/shares/{reader}", None),
    ("get", "/api/v1/contacts/{person}", None),
    ("put", "/api/v1/contacts/{person}", {"first_name": "stolen"}),
    ("post", "/api/v1/contacts/{person}/notes", {"body": "stolen"}),
    ("get", "/api/v1/contacts/{person}/notes", None),
]
# Who may delete at all sees every card of the tenant: only people of others are turned away.
DELETED = [
    ("delete", "/prospects/{card}", None),
    ("delete", "/prospects/{person}/contacts", None),
    ("delete", "/prospects/locations/{place}", None),
    ("delete", "/api/v1/contacts/{person}", None),
]


@pytest.fixture
def ids(team: Team) -> dict[str, int]:
    """A card of Alice's that Victor may look at, and what hangs on it."""
    made, at = card(team, owner=team.alice, company_name="acme", name="John Doe"), timezone.now()
    with tenant_scope(team.tenant.pk):
        person = add_contact(prospect_id=made.pk, values={"first_name": "Second"}, by=None, at=at)
        note = add_note(prospect_id=made.pk, note="acme", scheduled_at=at, by=None, at=at)
        place = add_location(prospect_id=made.pk, values=PLACE)
        share_prospect(
            prospect_id=made.pk, user_id=team.victor.id, level="view", by=team.alice.user
        )
    reader = team.victor.id
    return {
        "card": made.pk,
        "person": person.pk,
        "note": note.pk,
        "place": place.pk,
        "reader": reader,
    }


def everything() -> dict[str, Any]:
    """All rows of all tenants, but those that signing in touches."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model._meta.app_label != "accounts"
    ]
    with across_tenants(), connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f'SELECT array_agg(row::text ORDER BY row::text) FROM "{table}" AS row')
            found[table] = cursor.fetchone()
        return found


def ask(person: Any, door: tuple[str, str, Any], ids: dict[str, int]) -> Any:
    """Try a door; ids stand where their names are."""
    method, path, body = door
    known = {**ids, "me": person.id}
    if body:
        filled = {f"{{{name}}}": pk for name, pk in known.items()}
        body = {key: filled.get(value, value) for key, value in body.items()}
    arguments = [path.format(**known), *([body] if body else [])]
    return getattr(person, method)(*arguments)


def assert_turned_away(person: Any, door: tuple[str, str, Any], ids: dict[str, int]) -> None:
    before = everything()
    answer = ask(person, door, ids)
    assert answer.status_code == 404, answer.content
    assert "acme" not in answer.content.decode()
    assert everything() == before


class TestAnInvisibleCard:
    @pytest.mark.parametrize("door", DOORS, ids=str)
    def test_does_not_exist_for_a_colleague(
        self, team: Team, ids: dict[str, int], door: Any
    ) -> None:
        assert_turned_away(team.bob, door, ids)

    @pytest.mark.parametrize("door", [*DOORS, *DELETED], ids=str)
    def test_does_not_exist_for_another_tenant(
        self, rivals: Team, ids: dict[str, int], door: Any
    ) -> None:
        assert_turned_away(rivals.ada, door, ids)

    @pytest.mark.parametrize("door", DELETED, ids=str)
    def test_is_not_deleted_by_a_colleague(
        self, team: Team, ids: dict[str, int], door: Any
    ) -> None:
        before = everything()
        assert ask(team.bob, door, ids).status_code in (403, 404)
        assert everything() == before
