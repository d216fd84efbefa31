"""`GET /api/v1/contacts`"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.models import Contact, Prospect
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import CONTACTS, company, contact, ids


def found(person, **query):
    """The full names that a list shows."""
    answer = person.get(CONTACTS, query)
    assert answer.status_code == 200, answer.content
    return sorted(row["full_name"] for row in answer.json()["data"])


class TestList:
    def test_shows_imported_leads_and_people_alone(self, team):
        card(
            team, owner=team.alice, name="Ana Torres", email="ana@torres.mx", company_name="Torres"
        )
        contact(team.alice, first_name="Luis", last_name="Ortega")
        assert found(team.alice) == ["Ana Torres", "Luis Ortega"]

    def test_has_the_keys_of_the_contract(self, team):
        card(
            team,
            owner=team.alice,
            name="Maria Garcia Lopez",
            email="mgarcia@ejemplo.mx",
            phone_code="52",
            phone="5512345678",
        )
        (row,) = team.alice.get(CONTACTS).json()["data"]
        assert row["full_name"] == "Maria Garcia Lopez"
        assert row["primary_email"] == "mgarcia@ejemplo.mx"
        assert row["primary_phone"] == "+52 55 1234 5678"
        assert (row["lifecycle_stage"], row["owner_id"]) == ("lead", team.alice.id)
        assert row["owner_name"] == "Alice Sales"

    def test_is_paged(self, team):
        made = [contact(team.alice, first_name=f"P{n}")["id"] for n in range(5)]
        answer = team.alice.get(CONTACTS, {"per_page": 2, "page": 2})
        assert ids(answer) == [made[2], made[1]]
        assert answer.json()["meta"]["total"] == 5

    def test_costs_four_statements_whatever_it_shows(self, team, django_assert_num_queries):
        for number in range(3):
            office = company(team, owner=team.alice, name=f"Office {number}")
            contact(team.alice, company_id=office.pk, emails=[{"email": f"p{number}@x.mx"}])
        for person in (team.alice, team.mona):
            with django_assert_num_queries(4):
                person.get(CONTACTS, {"search": "maria", "owner_id": team.alice.id})

    @pytest.mark.parametrize(
        ("sort", "first"),
        [("first_name", "Ana"), ("-first_name", "Zoe"), ("-created_at", "Ana"), ("id", "Zoe")],
    )
    def test_is_sorted_as_asked(self, team, sort, first):
        contact(team.alice, first_name="Zoe")
        contact(team.alice, first_name="Ana")
        rows = team.alice.get(CONTACTS, {"sort": sort}).json()["data"]
        assert rows[0]["first_name"] == first

    @pytest.mark.parametrize("sort", ["deleted_at", "tenant", "search_text", "--id", "x;"])
    def test_is_sorted_by_no_other_column(self, team, sort):
        answer = team.alice.get(CONTACTS, {"sort": sort})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"sort"}


class TestVisibility:
    def test_of_people_with_a_card_is_the_cards(self, team):
        card(team, owner=team.alice, name="Alices Lead")
        card(team, owner=team.bob, name="Bobs Lead")
        card(team, owner=team.bob, team_roles={"kae": team.alice}, name="Shared Lead")
        assert found(team.alice) == ["Alices Lead", "Shared Lead"]
        assert len(found(team.mona)) == len(found(team.victor)) == 3

    def test_of_people_alone_is_their_owners_and_creators(self, team):
        contact(team.alice, first_name="Given", owner_id=team.bob.id)
        contact(team.mona, first_name="Hers")
        assert found(team.alice) == ["Given"]
        assert found(team.bob) == ["Given"]
        assert found(team.mona) == ["Given", "Hers"]

    def test_ends_with_the_card(self, team):
        gone = card(team, owner=team.alice, name="Gone")
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
        assert found(team.alice) == found(team.mona) == []

    def test_never_reaches_another_tenant(self, team, rivals):
        contact(rivals.alice)
        assert found(team.mona) == []

    def test_of_one_is_the_lists(self, team, rivals):
        alone = contact(team.alice)["id"]
        path = f"{CONTACTS}/{alone}"
        assert team.mona.get(path).status_code == 200
        for person in (team.bob, rivals.ada):
            assert person.get(path).status_code == 404
            assert person.put(path, {"city": "x"}).status_code == 404
        assert "city" not in team.bob.put(path, {"city": "x"}).json()


class TestSearch:
    @pytest.fixture
    def people(self, team):
        office = company(team, owner=team.alice, name="Óptica Ñandú")
        for first, last, email, phone in (
            ("María", "García", "mg@x.mx", "+52 55 1234 5678"),
            ("Roberto", "O'Hara", "rob_ohara@x.mx", "+52 81 8765 4321"),
        ):
            contact(
                team.alice,
                first_name=first,
                last_name=last,
                emails=[{"email": email}, {"email": f"second.{email}"}],
                phones=[phone, f"{phone[:-1]}0"],
                company_id=office.pk,
            )
        contact(team.alice, first_name="100%", last_name="Alone", emails=[{"email": "al@one.mx"}])
        card(team, owner=team.alice, name="Garcilaso Vega", email="vega@x.mx")
        return team

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("garcia", ["María García"]),
            ("GARCÍ", ["Garcilaso Vega", "María García"]),
            ("second.rob", ["Roberto O'Hara"]),
            ("rob_o", ["Roberto O'Hara"]),
            ("robXo", []),
            ("o'hara", ["Roberto O'Hara"]),
            ("5512345678", ["María García"]),
            ("55 1234 5670", ["María García"]),
            ("81 8765", ["Roberto O'Hara"]),
            ("optica nandu", ["María García", "Roberto O'Hara"]),
            ("alone", ["100% Alone"]),
            ("ga", ["Garcilaso Vega", "María García"]),
            ("%", []),
            ("_", []),
            ("'; DROP TABLE", []),
            ('"', []),
        ],
    )
    def test_finds_each_by_what_is_theirs(self, people, text, names):
        assert found(people.alice, search=text) == names
        assert found(people.mona, search=text) == names
        assert found(people.bob, search=text) == []

    def test_follows_changes(self, team):
        alone = contact(team.alice, first_name="Old")["id"]
        team.alice.put(f"{CONTACTS}/{alone}", {"first_name": "New", "phones": ["+525511112222"]})
        assert found(team.alice, search="old") == []
        assert found(team.alice, search="5511112222") == ["New"]

    def test_finds_whoever_is_left_of_a_card_by_themselves_alone(self, team):
        office = company(team, owner=team.alice, name="Acme")
        contact(team.alice, first_name="Stays", company_id=office.pk)
        leaves = contact(team.alice, first_name="Leaves", company_id=office.pk)["id"]
        team.mona.delete(f"{CONTACTS}/{leaves}")
        assert found(team.alice, search="leaves") == []
        assert found(team.alice, search="acme") == ["Stays"]

    def test_refuses_a_text_that_is_too_long(self, team):
        answer = team.alice.get(CONTACTS, {"search": "x" * 256})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) == {"search"}


class TestFilters:
    def test_keep_a_stage(self, team):
        contact(team.alice, first_name="Buyer", lifecycle_stage="customer")
        contact(team.alice, first_name="Newcomer")
        assert found(team.alice, lifecycle_stage="customer") == ["Buyer"]
        assert found(team.alice, lifecycle_stage="lead") == ["Newcomer"]

    def test_keep_an_owner_their_own_or_their_cards(self, team):
        contact(team.alice, first_name="Bobs", owner_id=team.bob.id)
        contact(team.alice, first_name="Alices")
        card(team, owner=team.bob, name="Lead")
        assert found(team.mona, owner_id=team.bob.id) == ["Bobs", "Lead"]

    def test_keep_the_people_of_a_company(self, team):
        office = company(team, owner=team.alice)
        contact(team.alice, first_name="Inside", company_id=office.pk)
        contact(team.alice, first_name="Outside")
        assert found(team.alice, company_id=office.pk) == ["Inside"]

    def test_find_nobody_by_ids_of_another_tenant(self, team, rivals):
        theirs = company(rivals, owner=rivals.alice)
        contact(rivals.alice, company_id=theirs.pk)
        contact(team.alice)
        assert found(team.mona, company_id=theirs.pk) == []
        assert found(team.mona, owner_id=rivals.alice.id) == []

    def test_keep_what_changed_since(self, team):
        contact(team.alice, first_name="Old")
        with tenant_scope(team.tenant.pk):
            long_ago = timezone.now() - timedelta(days=3)
            Contact.objects.update(created_at=long_ago)
        since = timezone.now().isoformat()
        contact(team.alice, first_name="New")
        assert found(team.alice, updated_since=since) == ["New"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("lifecycle_stage", "king"),
            ("owner_id", "me"),
            ("owner_id", "9" * 30),
            ("owner_id", "-1"),
            ("company_id", "1,2"),
            ("company_id", "1.5"),
            ("updated_since", "yesterday"),
            ("per_page", "0"),
            ("page", "x"),
        ],
    )
    def test_that_cannot_be_read_are_named(self, team, name, value):
        answer = team.alice.get(CONTACTS, {name: value})
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == [name]
