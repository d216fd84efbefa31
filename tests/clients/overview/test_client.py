"""`GET /clients/{id}` and its sub-paths: the client's card, and what is the company's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.followups.models import FollowUpNote
from prospects.models import Prospect
from tests.clients.clients_of import client, integration
from tests.prospects.cards_of import card, category

PERSON = {"name": "Jane Smith", "email": "jane@x.mx", "phone_code": "52", "phone": "5559876543"}


@pytest.fixture
def acme(team):
    """A client of Alice's."""
    return client(
        team,
        owner=team.alice,
        company_name="Acme Corp",
        name="John Doe",
        email="john@acme.mx",
        details={"tax_id": "ACM010101AB1"},
    )


def hang_much_on(team, company):
    at = timezone.now()
    with tenant_scope(team.tenant.pk):
        FollowUpNote.objects.bulk_create(
            FollowUpNote(prospect_id=company.prospect_id, note=f"n{n}", created_at=at)
            for n in range(130)
        )
        for number in range(5):
            values = {"first_name": f"Person {number}"}
            add_contact(prospect_id=company.prospect_id, values=values, by=team.alice.user, at=at)
    for _ in range(5):
        integration(team, company)


class TestGet:
    def test_has_the_shape_of_the_source(self, team, acme):
        shown = team.alice.get(f"/clients/{acme.pk}").json()
        company = shown["company"]
        assert (company["id"], company["company_name"], company["balance"]) == (
            acme.pk,
            "Acme Corp",
            0,
        )
        assert (company["prospect_id"], company["follow_name"]) == (acme.prospect_id, "new_lead")
        assert company["tax_id"] == "ACM010101AB1"
        assert {*shown} >= {
            *("company", "follow_data", "notes", "contacts", "locations"),
            *("integrations", "onboarding"),
        }

    def test_lists_every_person_the_primary_first(self, team, acme):
        added = team.alice.post(f"/clients/{acme.pk}/contacts", PERSON).json()
        contacts = team.alice.get(f"/clients/{acme.pk}").json()["contacts"]
        assert [(each["name"], each["isDefault"]) for each in contacts] == [
            ("John Doe", True),
            ("Jane Smith", False),
        ]
        assert contacts[1] == added

    def test_is_called_by_its_person_without_a_name_of_its_own(self, team):
        nameless = client(team, owner=team.alice, name="Maria")
        shown = team.alice.get(f"/clients/{nameless.pk}").json()
        assert shown["company"]["company_name"] == "Maria"

    def test_shows_its_integrations(self, team, acme):
        shop = integration(team, acme, name="Main", status="connected")
        (shown,) = team.alice.get(f"/clients/{acme.pk}").json()["integrations"]
        assert shown.keys() == {"id", "platform", "name", "url", "status", "connected_at"}
        assert (shown["id"], shown["name"], shown["status"]) == (shop.pk, "Main", "connected")
        assert shown["connected_at"].endswith("Z")

    @pytest.mark.parametrize("person", ["alice", "mona"])
    def test_takes_at_most_eight_statements_whatever_hangs_on_it(self, team, acme, person):
        reader = getattr(team, person)
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(
                connection,
            ) as few:
                assert reader.get(f"/clients/{acme.pk}").status_code == 200
            counts.append(len(few))
            hang_much_on(team, acme)
        assert counts[0] == counts[1] <= 8

    def test_shows_the_latest_hundred_notes(self, team, acme):
        hang_much_on(team, acme)
        assert len(team.alice.get(f"/clients/{acme.pk}").json()["notes"]) == 100

    def test_of_nothing_is_404(self, team):
        answer = team.mona.get("/clients/999999999")
        assert answer.json() == {
            "statusCode": 404,
            "error": "Not Found",
            "message": "There is no such client.",
        }

    def test_is_not_by_the_cards_id(self, team):
        lone = card(team)
        assert team.mona.get(f"/clients/{lone.pk}").status_code == 404


class TestData:
    def test_changes_the_card_and_answers_the_client(self, team, acme):
        won = category(team, "active_client")
        body = {"follow_up_id": won.pk, "channel": "referral", "account_value": "8000.50"}
        shown = team.alice.patch(f"/clients/{acme.pk}/data", body).json()
        assert shown["company"]["follow_name"] == "active_client"
        assert shown["follow_data"]["account_value"] == 8000.5
        assert (
            team.alice.get(f"/prospects/{acme.prospect_id}").json()["follow_data"]["channel"]
            == "referral"
        )

    def test_answers_even_who_gives_the_client_away(self, team, acme):
        answer = team.alice.patch(f"/prospects/{acme.prospect_id}", {"created_by": team.bob.id})
        assert answer.status_code == 200
        assert team.alice.get(f"/clients/{acme.pk}").status_code == 404
        assert team.bob.get(f"/clients/{acme.pk}").status_code == 200

    def test_refuses_what_cannot_be_read_and_writes_nothing(self, team, acme):
        answer = team.alice.patch(
            f"/clients/{acme.pk}/data", {"channel": "web", "account_value": "much"}
        )
        assert answer.status_code == 400
        assert list(answer.json()["validation"]) == ["account_value"]
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.get(pk=acme.prospect_id).channel == ""


class TestNotes:
    def test_are_the_cards(self, team, acme):
        body = {"action": "call", "note": "Wants more", "scheduled_date": "2099-01-01T09:00:00Z"}
        note = team.alice.post(f"/clients/{acme.pk}/notes", body).json()
        assert (note["origin"], note["comment"]) == ("company", "Wants more")
        assert team.alice.get(f"/clients/{acme.pk}").json()["notes"] == [note]
        assert team.alice.get(f"/prospects/{acme.prospect_id}").json()["notes"] == [note]

    def test_need_a_text(self, team, acme):
        assert team.alice.post(f"/clients/{acme.pk}/notes", {"note": ""}).status_code == 400


class TestContacts:
    def test_of_another_prospects_email_are_refused(self, team, acme):
        card(team, email="jane@x.mx")
        answer = team.alice.post(f"/clients/{acme.pk}/contacts", PERSON)
        assert answer.status_code == 409
        assert len(team.alice.get(f"/clients/{acme.pk}").json()["contacts"]) == 1


SUB_PATHS = [
    ("get", "", None),
    ("patch", "/data", {"channel": "stolen"}),
    ("post", "/notes", {"note": "stolen"}),
    ("post", "/contacts", PERSON),
    ("get", "/onboarding", None),
    ("patch", "/onboarding", {"steps": {"training": True}}),
    ("post", "/integrations", {"platform": "stolen"}),
]


class TestEverySubPath:
    @pytest.mark.parametrize(("method", "path", "body"), SUB_PATHS)
    def test_is_404_for_strangers_and_writes_nothing(self, team, rivals, acme, method, path, body):
        before = team.mona.get(f"/clients/{acme.pk}").json()
        for person in (team.bob, rivals.ada, rivals.mona):
            send = getattr(person, method)
            answer = send(f"/clients/{acme.pk}{path}", *([body] if body else []))
            assert answer.status_code == 404
            assert "acme" not in answer.content.decode().lower()
        assert team.mona.get(f"/clients/{acme.pk}").json() == before

    @pytest.mark.parametrize(("method", "path", "body"), SUB_PATHS)
    def test_is_404_once_the_company_is_deleted(self, team, acme, method, path, body):
        assert team.mona.delete(f"/api/v1/companies/{acme.pk}").status_code == 200
        send = getattr(team.mona, method)
        answer = send(f"/clients/{acme.pk}{path}", *([body] if body else []))
        assert answer.status_code == 404

    @pytest.mark.parametrize(("method", "path", "body"), SUB_PATHS)
    def test_is_for_looking_alone_by_a_share(self, team, acme, method, path, body):
        share = {"user_id": team.bob.id, "permission": "view"}
        assert team.alice.post(f"/prospects/{acme.prospect_id}/shares", share).status_code == 200
        send = getattr(team.bob, method)
        answer = send(f"/clients/{acme.pk}{path}", *([body] if body else []))
        assert answer.status_code == (200 if method == "get" else 403)


class TestNotesOfLongAgo:
    def test_stay_in_order(self, team, acme):
        at = timezone.now()
        with tenant_scope(team.tenant.pk):
            for days in (3, 1, 2):
                FollowUpNote.objects.create(
                    prospect_id=acme.prospect_id,
                    note=f"{days} days ago",
                    created_at=at - timedelta(days=days),
                )
        notes = team.alice.get(f"/clients/{acme.pk}").json()["notes"]
        assert [note["note"] for note in notes] == ["1 days ago", "2 days ago", "3 days ago"]

    def test_go_on_before_one_that_is_known(self, team, acme):
        hang_much_on(team, acme)
        first = team.alice.get(f"/clients/{acme.pk}").json()
        path = f"/clients/{acme.pk}?notes_before={first['notes'][-1]['id']}"
        rest = team.alice.get(path).json()
        assert (first["notes_total"], len(first["notes"]), len(rest["notes"])) == (130, 100, 30)
