from __future__ import annotations

import pytest

from tests.prospects.card_contacts.people_of import JANE, again, contacts_in, people_of
from tests.prospects.cards_of import card


@pytest.fixture
def acme(team):
    return card(team, owner=team.alice, company_name="Acme", name="John Doe", email="john@acme.com")


class TestAddingAContact:
    def test_answers_it_and_shows_it_among_the_others_of_the_card(self, team, acme):
        answer = team.alice.post(f"/prospects/{acme.pk}/contacts", JANE)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert body == {
            "id": body["id"],
            "name": "Jane Smith",
            "email": "jane@acme.com",
            "phone_code": "52",
            "phone": "5559876543",
            "position": "CTO",
            "isDefault": False,
        }
        assert team.alice.get(f"/prospects/{acme.pk}").json()["contacts"] == [body]

    def test_lets_a_search_for_them_find_the_card(self, team, acme):
        team.alice.post(f"/prospects/{acme.pk}/contacts", JANE)
        for needle in ("jane smi", "JANE@", "555 987-6543"):
            found = team.alice.get("/prospects/list", {"search": needle}).json()["data"]
            assert [row["id"] for row in found] == [acme.pk]

    def test_makes_the_first_person_of_a_card_its_primary(self, team):
        made = card(team, owner=team.alice, company_name="Nobody There")
        body = team.alice.post(f"/prospects/{made.pk}/contacts", JANE).json()
        assert body["isDefault"] is True
        shown = team.alice.get(f"/prospects/{made.pk}").json()
        assert shown["contacts"] == []
        assert (shown["prospect"]["name"], shown["prospect"]["email"]) == (
            "Jane Smith",
            "jane@acme.com",
        )
        (person,) = people_of(made)
        assert (person.position, person.is_primary) == ("CTO", True)

    def test_accepts_a_number_for_a_phone_and_a_null_position(self, team, acme):
        sent = {**JANE, "phone": 5559876543, "phone_code": 52, "position": None}
        body = team.alice.post(f"/prospects/{acme.pk}/contacts", sent).json()
        assert (body["phone_code"], body["phone"], body["position"]) == ("52", "5559876543", "")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *((name, None) for name in ("name", "email", "phone_code", "phone")),
            *((name, "") for name in ("name", "email", "phone_code", "phone")),
            ("name", "x" * 256),
            ("name", "a\x00b"),
            ("name", ["x"]),
            ("email", "no address"),
            ("email", f"{'x' * 300}@acme.com"),
            ("phone", "12"),
            ("phone", "x" * 41),
            ("position", "x" * 256),
            ("position", {}),
        ],
    )
    def test_is_400_with_the_field_and_writes_nothing_for_bad_values(
        self, team, acme, field, value
    ):
        answer = team.alice.post(f"/prospects/{acme.pk}/contacts", {**JANE, field: value})
        assert answer.status_code == 400, answer.content
        assert list(answer.json()["validation"]) == [field]
        assert contacts_in(team) == 1

    @pytest.mark.parametrize("body", [[], "x", 7, None])
    def test_is_422_for_a_body_that_is_no_object(self, team, acme, body):
        answer = team.alice.post(f"/prospects/{acme.pk}/contacts", body)
        assert answer.status_code == (400 if body is None else 422)
        assert contacts_in(team) == 1

    def test_is_409_for_the_email_of_another_prospect_or_of_a_user(self, team, acme):
        card(team, name="Other", email="taken@acme.com")
        for email in ("Taken@acme.com", team.bob.user.email):
            answer = team.alice.post(f"/prospects/{acme.pk}/contacts", {**JANE, "email": email})
            assert answer.status_code == 409, answer.content
            assert list(answer.json()["validation"]) == ["email"]
        assert len(people_of(acme)) == 1

    def test_takes_the_email_of_its_own_card_and_of_other_tenants(self, team, rivals, acme):
        card(rivals, name="Other", email="other@rivals.com")
        for email in ("john@acme.com", "other@rivals.com", rivals.ada.user.email):
            answer = team.alice.post(f"/prospects/{acme.pk}/contacts", {**JANE, "email": email})
            assert answer.status_code == 200, answer.content

    def test_is_409_when_the_first_persons_phone_is_another_cards(self, team):
        card(team, phone_code="52", phone="5559876543")
        made = card(team, owner=team.alice, company_name="Nobody There")
        answer = team.alice.post(f"/prospects/{made.pk}/contacts", JANE)
        assert (answer.status_code, list(answer.json()["validation"])) == (409, ["phone"])
        assert (people_of(made), again(made).name) == ([], "")

    def test_knows_no_invisible_foreign_or_missing_card(self, team, rivals, acme):
        for person, pk in (
            (team.bob, acme.pk),
            (rivals.ada, acme.pk),
            (team.alice, card(rivals).pk),
            (team.alice, 10**17),
        ):
            assert person.post(f"/prospects/{pk}/contacts", JANE).status_code == 404
        assert (contacts_in(team), contacts_in(rivals)) == (1, 0)
