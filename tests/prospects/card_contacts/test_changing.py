from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact, edit_contact, restore_contact
from prospects.models import Contact
from prospects.pipeline.services import edit_prospect
from prospects.sharing.services import share_prospect
from tests.people import Person
from tests.prospects.card_contacts.people_of import JANE, again, contacts_in, people_of
from tests.prospects.cards_of import card


@pytest.fixture
def acme(team):
    return card(team, owner=team.alice, company_name="Acme", name="John Doe", email="john@acme.com")


@pytest.fixture
def jane(team, acme):
    """The second person of Acme."""
    answer = team.alice.post(f"/prospects/{acme.pk}/contacts", JANE)
    with tenant_scope(team.tenant.pk):
        return Contact.objects.get(pk=answer.json()["id"])


def path(pk: int) -> str:
    return f"/prospects/{pk}/contacts"


class TestChangingAContact:
    def test_by_its_own_id_changes_what_is_sent(self, team, acme, jane):
        answer = team.alice.put(path(jane.pk), {"name": "Jane S. Doe", "isDefault": False})
        assert answer.status_code == 200, answer.content
        assert answer.json() == {
            **team.alice.get(f"/prospects/{acme.pk}").json()["contacts"][0],
            "name": "Jane S. Doe",
            "phone": "5559876543",
            "position": "CTO",
        }
        found = team.alice.get("/prospects/list", {"search": "s. doe"}).json()["data"]
        assert [row["id"] for row in found] == [acme.pk]
        assert again(acme).name == "John Doe"

    def test_by_the_cards_id_needs_its_own_id_in_the_body(self, team, acme, jane):
        answer = team.alice.put(path(acme.pk), {"id": jane.pk, "position": "CEO"})
        assert (answer.status_code, answer.json()["position"]) == (200, "CEO")
        other = card(team, owner=team.alice, company_name="Other")
        answer = team.alice.put(path(other.pk), {"id": jane.pk, "position": "COO"})
        assert (answer.status_code, again(jane).position) == (404, "CEO")

    def test_with_is_default_changes_the_person_of_the_card(self, team, acme, jane):
        sent = {"name": "John Roe", "email": "roe@acme.com", "position": "Boss", "isDefault": True}
        answer = team.alice.put(path(acme.pk), sent)
        assert answer.status_code == 200, answer.content
        assert (answer.json()["isDefault"], answer.json()["position"]) == (True, "Boss")
        shown = team.alice.get(f"/prospects/{acme.pk}").json()["prospect"]
        assert (shown["name"], shown["email"]) == ("John Roe", "roe@acme.com")
        primary, other = people_of(acme)
        assert (primary.name, primary.email, other.pk) == ("John Roe", "roe@acme.com", jane.pk)

    def test_with_is_default_gives_a_card_without_one_its_person(self, team):
        made = card(team, owner=team.alice, company_name="Nobody There")
        answer = team.alice.put(path(made.pk), {"name": "New Person", "isDefault": True})
        assert (answer.status_code, again(made).name) == (200, "New Person")
        answer = team.alice.put(path(card(team, owner=team.alice).pk), {"isDefault": True})
        assert answer.status_code == 400

    def test_that_is_the_primary_one_changes_its_card_too(self, team, acme):
        (primary,) = people_of(acme)
        answer = team.alice.put(path(primary.pk), {"email": "new@acme.com"})
        assert (answer.status_code, answer.json()["isDefault"]) == (200, True)
        assert (again(acme).email, again(acme).name) == ("new@acme.com", "John Doe")

    def test_keeps_the_first_names_that_a_service_was_given_apart(self, team, acme):
        (primary,) = people_of(acme)
        with tenant_scope(team.tenant.pk):
            edit_contact(
                contact_id=primary.pk,
                values={"first_name": "Ana María", "last_name": "Paz"},
                by=team.alice.user,
                at=timezone.now(),
            )
            edit_prospect(prospect_id=acme.pk, changes={"company_name": "New"}, at=timezone.now())
        assert (again(acme).name, again(primary).first_name) == ("Ana María Paz", "Ana María")

    def test_is_409_for_the_email_of_another_prospect_or_of_a_user(self, team, acme, jane):
        card(team, name="Other", email="taken@acme.com")
        for pk, default in ((jane.pk, False), (acme.pk, True)):
            for email in ("taken@acme.com", team.bob.user.email):
                answer = team.alice.put(path(pk), {"email": email, "isDefault": default})
                assert answer.status_code == 409, answer.content
                assert list(answer.json()["validation"]) == ["email"]
        assert (again(jane).email, again(acme).email) == ("jane@acme.com", "john@acme.com")

    def test_is_no_conflict_when_the_taken_email_was_its_own_before(self, team, acme, jane):
        card(team, name="Later", email="jane@acme.com")
        sent = {**JANE, "position": "CEO"}
        assert team.alice.put(path(jane.pk), sent).status_code == 200

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "x" * 256),
            ("name", "a\x00b"),
            ("name", None),
            ("email", "no address"),
            ("phone", "12"),
            ("phone_code", "999999"),
            ("position", []),
            ("isDefault", "perhaps"),
            ("isDefault", []),
            ("id", "x"),
            ("id", 10**30),
            ("id", -1),
        ],
    )
    def test_is_400_with_the_field_and_writes_nothing_for_bad_values(
        self, team, jane, field, value
    ):
        answer = team.alice.put(path(jane.pk), {"position": "New", field: value})
        assert answer.status_code == 400, answer.content
        wrong = "phone" if field == "phone_code" else field
        assert list(answer.json()["validation"]) == [wrong]
        assert again(jane).position == "CTO"

    def test_is_400_when_nothing_would_be_left_of_them(self, team, jane):
        answer = team.alice.put(path(jane.pk), {"name": "", "email": "", "phone": ""})
        assert (answer.status_code, again(jane).name) == (400, "Jane Smith")

    def test_knows_no_invisible_foreign_or_missing_contact(self, team, rivals, acme, jane):
        for person, pk, body in (
            (team.bob, jane.pk, {"name": "X"}),
            (team.bob, acme.pk, {"name": "X", "isDefault": True}),
            (team.bob, acme.pk, {"name": "X", "id": jane.pk}),
            (rivals.ada, jane.pk, {"name": "X"}),
            (rivals.ada, card(rivals).pk, {"name": "X", "id": jane.pk}),
            (team.alice, acme.pk + 10**9, {"name": "X"}),
        ):
            assert person.put(path(pk), body).status_code == 404
        assert [person.name for person in people_of(acme)] == ["John Doe", "Jane Smith"]

    def test_of_no_card_is_no_business_of_this_api(self, team):
        with tenant_scope(team.tenant.pk):
            lone = add_contact(
                prospect_id=None, values={"first_name": "Lone"}, by=None, at=timezone.now()
            )
        assert team.ada.put(path(lone.pk), {"name": "X"}).status_code == 404


class TestDeletingAContact:
    def test_takes_it_from_the_card_and_from_the_search(self, team, acme, jane):
        answer = team.mona.delete(path(jane.pk))
        assert (answer.status_code, answer.json()["id"]) == (200, jane.pk)
        assert team.alice.get(f"/prospects/{acme.pk}").json()["contacts"] == []
        assert team.alice.get("/prospects/list", {"search": "jane"}).json()["data"] == []
        assert again(jane).deleted_at is not None
        assert team.mona.delete(path(jane.pk)).status_code == 404

    def test_is_409_for_the_primary_one_among_others(self, team, acme, jane):
        primary, _ = people_of(acme)
        assert team.mona.delete(path(primary.pk)).status_code == 409
        assert len(people_of(acme)) == 2

    def test_of_the_last_one_empties_the_cards_name_email_and_phone(self, team, acme):
        (primary,) = people_of(acme)
        assert team.mona.delete(path(primary.pk)).status_code == 200
        shown = team.alice.get(f"/prospects/{acme.pk}").json()["prospect"]
        assert (shown["name"], shown["email"], shown["company_name"]) == ("", "", "Acme")
        assert team.alice.get("/prospects/list", {"search": "john"}).json()["data"] == []
        assert team.alice.post(path(acme.pk), JANE).json()["isDefault"] is True

    def test_is_409_when_nothing_else_says_whose_card_it_is(self, team):
        made = card(team, owner=team.alice, name="Only Person")
        (primary,) = people_of(made)
        assert team.mona.delete(path(primary.pk)).status_code == 409
        assert again(made).name == "Only Person"

    def test_knows_no_invisible_or_foreign_contact(self, team, rivals, jane):
        assert rivals.ada.delete(path(jane.pk)).status_code == 404
        assert team.bob.delete(path(jane.pk)).status_code == 403  # sales people delete nothing
        assert again(jane).deleted_at is None


class TestAShareForLooking:
    def test_changes_nobody(self, team, acme, jane):
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=acme.pk, user_id=team.bob.id, level="view", by=team.alice.user
            )
        bob = team.bob
        assert bob.post(path(acme.pk), {**JANE, "email": "more@acme.com"}).status_code == 403
        assert bob.put(path(jane.pk), {"name": "X"}).status_code == 403
        assert bob.put(path(acme.pk), {"name": "X", "isDefault": True}).status_code == 403
        assert [person.name for person in people_of(acme)] == ["John Doe", "Jane Smith"]


class TestRestoringAContact:
    def restore(self, team, contact):
        with tenant_scope(team.tenant.pk):
            return restore_contact(contact_id=contact.pk, by=team.ada.user, at=timezone.now())

    def test_brings_the_only_person_back_as_the_primary(self, team, acme):
        (primary,) = people_of(acme)
        team.mona.delete(path(primary.pk))
        assert self.restore(team, primary).is_primary
        assert (again(acme).name, again(acme).email) == ("John Doe", "john@acme.com")

    def test_leaves_the_primary_that_came_meanwhile(self, team, acme):
        (primary,) = people_of(acme)
        team.mona.delete(path(primary.pk))
        team.alice.post(path(acme.pk), JANE)
        assert not self.restore(team, primary).is_primary
        assert again(acme).name == "Jane Smith"


@pytest.mark.django_db(transaction=True)
class TestTwentyAtOnce:
    def at_once(self, team, one) -> list[int]:
        def attempt(number: int) -> int:
            try:
                return one(Person(team.mona.user), number).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(5) as pool:
            return list(pool.map(attempt, range(20)))

    def test_make_one_primary_of_a_card_without_a_person(self, team):
        made = card(team, company_name="Nobody There")
        statuses = self.at_once(
            team,
            lambda person, n: person.post(path(made.pk), {**JANE, "email": f"j{n}@acme.com"}),
        )
        assert set(statuses) == {200}
        assert [person.is_primary for person in people_of(made)] == [True] + [False] * 19

    def test_changes_and_deletes_leave_card_and_contact_alike(self, team):
        made = card(team, company_name="Acme", name="John Doe", email="john@acme.com")
        (primary,) = people_of(made)

        def one(person, n):
            if n % 5 == 4:
                return person.delete(path(primary.pk))
            return person.put(path(made.pk), {"name": f"Name {n}", "isDefault": True})

        assert set(self.at_once(team, one)) <= {200, 404}
        stored, people = again(made), people_of(made)
        assert [(p.name, p.is_primary) for p in people] == [(stored.name, True)][: len(people)]
        assert contacts_in(team) == len(people)
