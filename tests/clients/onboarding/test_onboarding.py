"""How a client starts with us: what the data show, and what staff note."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clients.companies.models import Company
from clients.onboarding.models import Onboarding
from core.tenancy import tenant_scope
from tests.clients.clients_of import client, integration

KEYS = [
    *("account_verified", "fiscal_data", "first_recharge", "store_connected", "origin_address"),
    *("first_shipment", "training"),
]
BY_STAFF = ("account_verified", "fiscal_data", "store_connected", "origin_address", "training")


@pytest.fixture
def acme(team):
    """A client of Alice's."""
    return client(team, owner=team.alice)


def read(person, company, **params):
    return person.get(f"/clients/{company.pk}/onboarding", params).json()


def note(person, company, **body):
    return person.patch(f"/clients/{company.pk}/onboarding", body)


def done(shape):
    return {step["key"] for step in shape["steps"] if step["done"]}


class TestRead:
    def test_starts_with_nothing_done(self, team, acme):
        shape = read(team.alice, acme)
        assert [step["key"] for step in shape["steps"]] == KEYS
        assert shape["steps"][0] == {"key": KEYS[0], "done": False, "done_at": None}
        assert (shape["status"], shape["progress"], shape["completed_at"]) == ("pending", 0, None)

    def test_is_the_same_inside_the_client(self, team, acme):
        note(team.alice, acme, steps={"training": True})
        inside = team.alice.get(f"/clients/{acme.pk}").json()["onboarding"]
        assert inside == read(team.alice, acme)

    @pytest.mark.parametrize(
        ("header", "label"),
        [
            ("", "Capacitación"),
            ("es-MX,es;q=0.9", "Capacitación"),
            ("en-US,en;q=0.9", "Training"),
            ("fr, en;q=0.5", "Training"),
            ("de", "Capacitación"),
            ("en;q=0, es", "Capacitación"),
            ("=;;,;q=x" * 20, "Capacitación"),
        ],
    )
    def test_labels_the_steps_in_the_language_asked_for(self, team, acme, header, label):
        path = f"/clients/{acme.pk}/onboarding?translate=true"
        steps = team.alice.get(path, HTTP_ACCEPT_LANGUAGE=header).json()["steps"]
        assert steps[-1]["label"] == label

    def test_has_no_labels_unless_asked(self, team, acme):
        assert "label" not in read(team.alice, acme, translate="false")["steps"][0]

    def test_refuses_a_translate_that_is_neither(self, team, acme):
        answer = team.alice.get(f"/clients/{acme.pk}/onboarding", {"translate": "maybe"})
        assert (answer.status_code, list(answer.json()["validation"])) == (400, ["translate"])


class TestWhatFollowsFromData:
    def test_is_done_without_anybody_saying_so(self, team, acme):
        at = timezone.now()
        integration(team, acme, status="connected")
        integration(team, acme, status="pending")
        place = {"name": "Depot", "link": "https://maps.example/1", "type": "warehouse"}
        assert team.alice.post(f"/clients/{acme.pk}/locations", place).status_code == 200
        with tenant_scope(team.tenant.pk):
            acme.prospect.verified_at = at
            acme.prospect.save(update_fields=["verified_at"])
            Company.objects.filter(pk=acme.pk).update(
                tax_id="X", first_recharge_at=at, first_shipment_at=at
            )
        shape = read(team.alice, acme)
        assert done(shape) == set(KEYS) - {"training"}
        assert (shape["status"], shape["progress"]) == ("in_progress", 86)
        assert all(s["done_at"] for s in shape["steps"] if s["done"] and s["key"] != "fiscal_data")

    @pytest.mark.parametrize("key", ["first_recharge", "first_shipment"])
    def test_cannot_be_claimed(self, team, acme, key):
        answer = note(team.alice, acme, steps={key: True, "training": True})
        assert answer.status_code == 400
        assert list(answer.json()["validation"]) == [f"steps.{key}"]
        assert done(read(team.alice, acme)) == set()
        assert note(team.alice, acme, steps={key: False}).status_code == 200

    def test_cannot_be_denied(self, team):
        made = client(team, owner=team.alice, details={"tax_id": "ACM010101AB1"})
        assert note(team.alice, made, steps={"fiscal_data": False}).status_code == 400
        assert note(team.alice, made, steps={"fiscal_data": True}).status_code == 200


class TestNote:
    @pytest.mark.parametrize("key", BY_STAFF)
    def test_ticks_and_unticks_a_step(self, team, acme, key):
        answer = note(team.alice, acme, steps={key: True})
        assert done(answer.json()) == {key}
        first = read(team.alice, acme)
        assert note(team.alice, acme, steps={key: True}).json() == first
        assert done(note(team.alice, acme, steps={key: False}).json()) == set()

    def test_keeps_steps_that_are_not_named(self, team, acme):
        note(team.alice, acme, steps={"training": True})
        note(team.alice, acme, steps={"fiscal_data": True}, status="paused")
        shape = read(team.alice, acme)
        assert (done(shape), shape["status"]) == ({"training", "fiscal_data"}, "paused")

    def test_sets_the_status_until_it_is_taken_back(self, team, acme):
        completed = note(team.alice, acme, status="completed").json()
        assert completed["completed_at"] is not None
        shape = note(team.alice, acme, status=None).json()
        assert (shape["status"], shape["completed_at"]) == ("pending", None)

    def test_completes_with_the_last_step(self, team, acme):
        at = timezone.now()
        with tenant_scope(team.tenant.pk):
            Company.objects.filter(pk=acme.pk).update(first_recharge_at=at, first_shipment_at=at)
        shape = note(team.alice, acme, steps=dict.fromkeys(BY_STAFF, True), status="paused").json()
        assert (shape["status"], shape["progress"]) == ("completed", 100)
        assert shape["completed_at"] == max(step["done_at"] for step in shape["steps"])

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ({"steps": {"dance": True}}, "steps.dance"),
            ({"steps": {"training": "yes"}}, "steps.training"),
            ({"steps": {"training": None}}, "steps.training"),
            ({"steps": {"training": 1}}, "steps.training"),
            ({"steps": ["training"]}, "steps"),
            ({"steps": None}, "steps"),
            ({"status": "finished"}, "status"),
            ({"status": 5}, "status"),
            ({"status": []}, "status"),
        ],
    )
    def test_refuses_what_cannot_be_by_its_name(self, team, acme, body, name):
        answer = team.alice.patch(f"/clients/{acme.pk}/onboarding", body)
        assert (answer.status_code, list(answer.json()["validation"])) == (400, [name])
        with tenant_scope(team.tenant.pk):
            assert not Onboarding.objects.exists()

    def test_of_nothing_changes_nothing(self, team, acme):
        assert note(team.alice, acme, steps={}).status_code == 200
        with tenant_scope(team.tenant.pk):
            assert not Onboarding.objects.exists()
