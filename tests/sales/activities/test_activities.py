"""`/api/v1/activities`"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notification
from core.tenancy import tenant_scope
from sales.activities.tasks import remind_all
from sales.models import Activity
from tests.clients.clients_of import client
from tests.prospects.cards_of import card
from tests.sales.activities.activities_of import (
    ACTIVITIES,
    COMPANY,
    CONTACT,
    DEAL,
    about,
    activity,
    subjects,
)
from tests.sales.contacts.contacts_of import contact, stored
from tests.sales.deals.deals_of import deal


class TestActivities:
    def test_are_answered_as_the_contract_shows(self, team):
        maria = contact(team.alice)
        made = activity(
            team.alice,
            subject="Enviar propuesta",
            type="task",
            priority="high",
            due_at="2026-04-16T14:00:00Z",
            notes="10%",
            **about(CONTACT, maria["id"]),
        )
        assert made["due_at"] == "2026-04-16T14:00:00.000000Z"
        assert made["activitable_type"] == "App\\Models\\Contact"
        assert made["activitable_id"] == str(maria["id"])
        assert (made["status"], made["completed_at"]) == ("pending", None)
        assert (made["priority"], made["notes"]) == ("high", "10%")
        assert (made["user_id"], made["user_name"]) == (team.alice.id, "Alice Sales")
        assert team.alice.get(f"{ACTIVITIES}/{made['id']}").json()["data"] == made

    def test_are_about_nothing_or_any_of_three(self, team):
        sold, bought = deal(team, team.alice), client(team, owner=team.alice)
        assert activity(team.alice)["activitable_type"] is None
        for kind, pk in ((DEAL, sold["id"]), (COMPANY, bought.pk)):
            made = activity(team.alice, **about(kind, pk))
            assert (made["activitable_type"], made["activitable_id"]) == (kind, str(pk))
        path = f"{ACTIVITIES}/{made['id']}"
        changed = team.alice.put(path, about(DEAL, sold["id"])).json()["data"]
        assert changed["activitable_type"] == DEAL
        none = {"activitable_type": None, "activitable_id": None}
        assert team.alice.put(path, none).json()["data"]["activitable_id"] is None

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("subject", ""),
            ("subject", "x" * 256),
            ("subject", "a\0"),
            ("type", "sms"),
            ("type", None),
            ("status", "done"),
            ("priority", "urgent"),
            ("due_at", "tomorrow"),
            ("user_id", 999),
            ("notes", "x" * 10_001),
            ("activitable_type", "App\\Models\\User"),
            ("activitable_type", "Contact"),
            ("activitable_type", ["x"]),
            ("activitable_id", "5"),
            ("activitable_id", "x"),
            ("activitable_id", "9" * 30),
        ],
    )
    def test_are_refused_with_a_name(self, team, field, value):
        answer = team.alice.post(ACTIVITIES, {"subject": "x", "type": "call", field: value})
        assert answer.status_code == 422
        assert set(answer.json()["errors"]) <= {field, "activitable_type"}
        with tenant_scope(team.tenant.pk):
            assert not Activity.objects.exists()

    def test_about_what_one_does_not_see_are_refused(self, team, rivals):
        bobs, theirs = contact(team.bob), contact(rivals.alice)
        sold = deal(team, team.bob)
        for kind, pk in ((CONTACT, bobs["id"]), (CONTACT, theirs["id"]), (DEAL, sold["id"])):
            body = {"subject": "x", "type": "call", **about(kind, pk)}
            answer = team.alice.post(ACTIVITIES, body)
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["activitable_id"])

    def test_change_by_what_is_sent(self, team):
        made = activity(team.alice)
        sent = {"priority": "medium", "due_at": "2026-04-18T10:00"}
        changed = team.alice.put(f"{ACTIVITIES}/{made['id']}", sent).json()["data"]
        assert changed["due_at"] == "2026-04-18T16:00:00.000000Z"  # as Mexico's clocks show it
        assert changed["subject"] == made["subject"]
        assert team.alice.put(f"{ACTIVITIES}/{made['id']}", changed).status_code == 200


class TestCompleting:
    def test_twice_keeps_the_first_time(self, team):
        path = f"{ACTIVITIES}/{activity(team.alice)['id']}"
        first = team.alice.post(f"{path}/complete").json()["data"]
        again = team.alice.post(f"{path}/complete")
        assert again.status_code == 200
        assert again.json()["data"]["completed_at"] == first["completed_at"] is not None
        assert first["status"] == "completed"

    def test_of_what_is_cancelled_is_refused(self, team):
        path = f"{ACTIVITIES}/{activity(team.alice)['id']}"
        assert team.alice.put(path, {"status": "cancelled"}).json()["data"]["status"] == "cancelled"
        answer = team.alice.post(f"{path}/complete")
        assert (answer.status_code, "cancelled" in answer.json()["message"]) == (409, True)
        opened = team.alice.put(path, {"status": "pending"}).json()["data"]
        assert (opened["status"], opened["completed_at"]) == ("pending", None)

    def test_counts_for_the_score_of_the_person(self, team):
        maria = contact(team.alice)
        before = stored(team, maria["id"]).lead_score
        made = activity(team.alice, **about(CONTACT, maria["id"]))
        assert stored(team, maria["id"]).lead_score == before
        team.alice.post(f"{ACTIVITIES}/{made['id']}/complete")
        assert stored(team, maria["id"]).lead_score > before


class TestVisibility:
    def test_is_of_whose_it_is_and_who_sees_what_it_is_about(self, team, rivals):
        bobs, sold = contact(team.bob), deal(team, team.bob)
        bought = client(team, owner=team.bob)
        activity(team.alice, subject="Hers")
        activity(team.mona, subject="Given", user_id=team.alice.id)
        for kind, pk in ((CONTACT, bobs["id"]), (DEAL, sold["id"]), (COMPANY, bought.pk)):
            activity(team.mona, subject=kind[11:], **about(kind, pk))
        activity(rivals.ada, subject="Theirs")
        assert subjects(team.alice) == ["Given", "Hers"]
        assert subjects(team.bob) == ["Company", "Deal", "Contact"]
        assert len(subjects(team.mona)) == len(subjects(team.victor)) == 5

    def test_of_one_is_the_lists(self, team, rivals):
        path = f"{ACTIVITIES}/{activity(team.alice)['id']}"
        for person in (team.bob, rivals.ada):
            assert person.get(path).status_code == 404
            assert person.put(path, {"subject": "x"}).status_code == 404
            assert person.post(f"{path}/complete").status_code == 404
        assert team.alice.delete(path).status_code == 403
        assert team.mona.delete(path).status_code == 200
        assert team.alice.get(path).status_code == 404

    def test_ends_with_what_it_is_about(self, team):
        sold = deal(team, team.alice)
        activity(team.alice, **about(DEAL, sold["id"]))
        team.mona.delete(f"/api/v1/deals/{sold['id']}")
        assert subjects(team.alice) == subjects(team.mona) == []

    def test_by_a_share_for_looking_changes_nothing(self, team):
        lead = card(team, owner=team.alice, name="Lead", email="lead@x.mx")
        with tenant_scope(team.tenant.pk):
            person = lead.contacts.get()
        made = activity(team.alice, **about(CONTACT, person.pk))
        share = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{lead.pk}/shares", share)
        path = f"{ACTIVITIES}/{made['id']}"
        assert team.bob.get(path).status_code == 200
        assert team.bob.post(f"{path}/complete").status_code == 403
        assert team.bob.put(path, {"subject": "x"}).status_code == 403


class TestFilters:
    @pytest.fixture
    def activities(self, team):
        sold = deal(team, team.alice)
        activity(team.alice, subject="A", type="call", due_at="2026-01-02T10:00:00Z")
        activity(team.alice, subject="B", type="task", **about(DEAL, sold["id"]))
        activity(team.bob, subject="C", type="call", due_at="2026-01-01T10:00:00Z")
        return sold

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"type": "call"}, ["C", "A"]),
            ({"status": "completed"}, []),
            ({"status": "pending", "sort": "id"}, ["A", "B", "C"]),
            ({"activitable_type": DEAL}, ["B"]),
            ({"activitable_type": CONTACT}, []),
            ({"type": "call", "sort": "due_at"}, ["C", "A"]),
        ],
    )
    def test_keep(self, team, activities, query, found):
        assert subjects(team.mona, **query) == found

    def test_keep_by_id(self, team, activities):
        assert subjects(team.mona, user_id=team.bob.id) == ["C"]
        assert subjects(team.mona, **about(DEAL, activities["id"])) == ["B"]
        assert subjects(team.mona, **about(CONTACT, activities["id"])) == []

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ({"type": "sms"}, "type"),
            ({"status": "x"}, "status"),
            ({"user_id": "me"}, "user_id"),
            ({"activitable_type": "App\\Models\\User"}, "activitable_type"),
            ({"activitable_id": "5"}, "activitable_type"),
            ({"activitable_type": DEAL, "activitable_id": "x"}, "activitable_id"),
        ],
    )
    def test_that_cannot_be_read_are_named(self, team, query, name):
        answer = team.mona.get(ACTIVITIES, query)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])

    def test_cost_four_statements(self, team, activities, django_assert_num_queries):
        for person in (team.alice, team.mona):
            with django_assert_num_queries(4):
                person.get(ACTIVITIES, {"status": "pending"})


class TestReminders:
    def told(self, team):
        with tenant_scope(team.tenant.pk):
            found = Notification.objects.filter(type="activity_due").order_by("pk")
            return list(found.values_list("user_id", "body"))

    def test_tell_once_whose_it_is(self, team):
        due = (timezone.now() - timedelta(minutes=5)).isoformat()
        made = activity(team.mona, user_id=team.bob.id, due_at=due)
        activity(team.alice, due_at=(timezone.now() + timedelta(hours=1)).isoformat())
        assert remind_all() == 1
        assert remind_all() == 0
        assert self.told(team) == [(team.bob.id, "Llamada: Call Maria")]
        later = (timezone.now() - timedelta(minutes=1)).isoformat()
        team.mona.put(f"{ACTIVITIES}/{made['id']}", {"due_at": later})
        assert remind_all() == 1
        assert len(self.told(team)) == 2

    def test_tell_nobody_of_what_is_done_cancelled_gone_or_long_past(self, team):
        due = (timezone.now() - timedelta(minutes=5)).isoformat()
        done, cancelled = activity(team.alice, due_at=due), activity(team.alice, due_at=due)
        team.alice.post(f"{ACTIVITIES}/{done['id']}/complete")
        team.alice.put(f"{ACTIVITIES}/{cancelled['id']}", {"status": "cancelled"})
        sold = deal(team, team.alice)
        activity(team.alice, due_at=due, **about(DEAL, sold["id"]))
        team.mona.delete(f"/api/v1/deals/{sold['id']}")
        activity(team.alice, due_at=(timezone.now() - timedelta(days=30)).isoformat())
        remind_all()
        assert self.told(team) == []
