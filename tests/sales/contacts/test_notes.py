"""`/api/v1/contacts/{id}/notes`"""

from __future__ import annotations

import pytest

from core.tenancy import tenant_scope
from prospects.models import FollowUpNote
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import CONTACTS, company, contact, ids


def notes_path(pk: int) -> str:
    return f"{CONTACTS}/{pk}/notes"


def bodies(answer):
    assert answer.status_code == 200, answer.content
    return [note["body"] for note in answer.json()["data"]]


class TestNotes:
    def test_are_answered_whole(self, team):
        path = notes_path(contact(team.alice)["id"])
        answer = team.alice.post(path, {"body": " Reunion el viernes. ", "is_pinned": True})
        assert answer.status_code == 201
        data = answer.json()["data"]
        assert (data["body"], data["is_pinned"]) == ("Reunion el viernes.", True)
        assert (data["user_id"], data["user_name"]) == (team.alice.id, "Alice Sales")
        assert team.alice.get(path).json()["data"] == [data]

    def test_come_pinned_first_then_the_newest(self, team):
        path = notes_path(contact(team.alice)["id"])
        for body, is_pinned in (("first", False), ("pinned", True), ("last", False)):
            team.alice.post(path, {"body": body, "is_pinned": is_pinned})
        assert bodies(team.alice.get(path)) == ["pinned", "last", "first"]

    def test_stand_on_the_timeline_of_the_card_and_count_as_contact(self, team):
        office = company(team, owner=team.alice)
        pk = contact(team.alice, company_id=office.pk)["id"]
        team.alice.post(notes_path(pk), {"body": "Called"})
        shown = team.alice.get(f"/prospects/{office.prospect_id}").json()
        assert [note["note"] for note in shown["notes"]] == ["Called"]
        assert shown["follow_data"]["last_contact"] is not None

    def test_of_a_card_are_its_own_persons(self, team):
        lead = card(team, owner=team.alice, name="Ana")
        (pk,) = ids(team.alice.get(CONTACTS))
        team.alice.post(f"/prospects/{lead.pk}/notes", {"action": "call", "note": "From the CRM"})
        assert bodies(team.alice.get(notes_path(pk))) == ["From the CRM"]

    def test_of_one_person_are_not_the_others(self, team):
        office = company(team, owner=team.alice)
        boss, other = (contact(team.alice, company_id=office.pk)["id"] for _ in range(2))
        team.alice.post(notes_path(other), {"body": "About the other"})
        assert bodies(team.alice.get(notes_path(boss))) == []
        assert bodies(team.alice.get(notes_path(other))) == ["About the other"]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"body": ""},
            {"body": None},
            {"body": "x" * 10_001},
            {"body": "a\0b"},
            {"body": []},
            {"body": "x", "is_pinned": "perhaps"},
        ],
    )
    def test_that_cannot_be_are_refused(self, team, body):
        path = notes_path(contact(team.alice)["id"])
        answer = team.alice.post(path, body)
        assert answer.status_code == 422
        assert answer.json()["errors"]
        assert bodies(team.alice.get(path)) == []

    def test_of_whom_one_does_not_see_are_not_there(self, team, rivals):
        path = notes_path(contact(team.alice)["id"])
        for person in (team.bob, rivals.ada):
            assert person.get(path).status_code == 404
            assert person.post(path, {"body": "spied"}).status_code == 404
        with tenant_scope(team.tenant.pk):
            assert not FollowUpNote.objects.exists()

    def test_cost_a_constant_number_of_statements(self, team, django_assert_num_queries):
        path = notes_path(contact(team.alice)["id"])
        for number in range(3):
            team.alice.post(path, {"body": f"Note {number}"})
        with django_assert_num_queries(5):
            team.alice.get(path)
