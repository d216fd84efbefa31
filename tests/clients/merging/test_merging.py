"""`POST /clients {prospect_id, company_id}`: a prospect turns out to be a client of ours."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.merging.relations import RULES, label_of, relations_to_cards
from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.followups.models import FollowUpNote
from prospects.followups.services import add_note
from prospects.models import Contact, Location, Prospect, Service, TeamAssignment
from prospects.pipeline.services import set_services
from prospects.sharing.services import share_prospect
from tests.clients.clients_of import client, prospect_again
from tests.prospects.cards_of import card


@pytest.fixture
def acme(team):
    """A client of Alice's, with a person."""
    return client(
        team,
        owner=team.alice,
        company_name="Acme Corp",
        name="John Doe",
        email="john@acme.mx",
        channel="web",
        team_roles={"kae": team.mona},
    )


@pytest.fixture
def again(team):
    """The same firm once more, as a prospect of Alice's."""
    return card(
        team,
        owner=team.alice,
        company_name="Acme SA",
        name="Jane Smith",
        email="jane@acme.mx",
        external_id="old-17",
        channel="expo",
        account_value=Decimal("5000.00"),
        estimated_close_date=date(2099, 1, 1),
        team_roles={"kae": team.bob, "csr": team.bob},
    )


def merge(person, prospect, company):
    return person.post("/clients", {"prospect_id": prospect.pk, "company_id": company.pk})


class TestRelations:
    def test_all_have_a_rule(self):
        """A new relation to cards needs a line in RULES: how do its rows move?"""
        assert {label_of(key) for key in relations_to_cards()} == set(RULES)


class TestMerge:
    def test_moves_notes_and_people(self, team, acme, again):
        at = timezone.now()
        with tenant_scope(team.tenant.pk):
            for prospect_id in (again.pk, acme.prospect_id):
                add_note(prospect_id=prospect_id, note="Hi", by=team.alice.user, at=at)
            Location.objects.create(
                prospect=again, name="Depot", link="https://x.mx", type="warehouse"
            )
            values = {"first_name": "Third"}
            add_contact(prospect_id=again.pk, values=values, by=None, at=at)
        shown = merge(team.alice, again, acme).json()
        assert [(each["name"], each["isDefault"]) for each in shown["contacts"]] == [
            ("John Doe", True),
            ("Jane Smith", False),
            ("Third", False),
        ]
        assert len(shown["notes"]) == 2
        assert [place["name"] for place in shown["locations"]] == ["Depot"]
        assert shown["company"]["id"] == acme.pk

    def test_deletes_the_prospect_and_marks_where_it_went(self, team, acme, again):
        assert merge(team.alice, again, acme).status_code == 200
        assert team.mona.patch(f"/prospects/{again.pk}", {"name": "X"}).status_code == 404
        with tenant_scope(team.tenant.pk):
            merged = prospect_again(again.pk)
        assert merged.deleted_at is not None
        assert merged.merged_into_id == acme.prospect_id

    def test_fills_what_the_clients_card_lacks_and_keeps_the_rest(self, team, acme, again):
        merge(team.alice, again, acme)
        with tenant_scope(team.tenant.pk):
            kept = prospect_again(acme.prospect_id)
        assert (kept.company_name, kept.channel, kept.email) == (
            "Acme Corp",
            "web",
            "john@acme.mx",
        )
        assert (kept.external_id, kept.account_value) == ("old-17", Decimal("5000.00"))
        assert kept.estimated_close_date == date(2099, 1, 1)

    def test_gives_the_client_a_person_where_it_has_none(self, team, again):
        nameless = client(team, owner=team.alice, company_name="Acme Corp")
        (person,) = merge(team.alice, again, nameless).json()["contacts"]
        assert (person["name"], person["isDefault"]) == ("Jane Smith", True)
        with tenant_scope(team.tenant.pk):
            assert prospect_again(nameless.prospect_id).email == "jane@acme.mx"
            assert Contact.objects.filter(prospect_id=nameless.prospect_id).count() == 1

    def test_moves_parts_that_are_free_and_keeps_those_that_are_taken(self, team, acme, again):
        merge(team.alice, again, acme)
        with tenant_scope(team.tenant.pk):
            parts = dict(
                TeamAssignment.objects.filter(prospect_id=acme.prospect_id).values_list(
                    "role", "user_id"
                )
            )
            assert TeamAssignment.objects.get(prospect_id=again.pk).role == "kae"
        assert parts == {"kae": team.mona.id, "csr": team.bob.id}

    def test_moves_interests_and_shares(self, team, acme, again):
        with tenant_scope(team.tenant.pk):
            first, second, *_ = Service.objects.order_by("pk")
            set_services(prospect_id=acme.prospect_id, service_ids=[first.pk])
            set_services(prospect_id=again.pk, service_ids=[first.pk, second.pk])
            for pk in (again.pk, acme.prospect_id):
                share_prospect(
                    prospect_id=pk, user_id=team.victor.id, level="view", by=team.alice.user
                )
        shown = merge(team.alice, again, acme).json()
        assert shown["follow_data"]["services"] == [first.pk, second.pk]
        shares = team.alice.get(f"/prospects/{acme.prospect_id}/shares").json()
        assert [share["user_id"] for share in shares] == [team.victor.id]

    def test_takes_both_cards_dates_of_contact(self, team, acme, again):
        now = timezone.now()
        with tenant_scope(team.tenant.pk):
            for pk, days in ((again.pk, 9), (acme.prospect_id, 3)):
                Prospect.objects.filter(pk=pk).update(
                    first_contact_at=now - timedelta(days=days),
                    last_contact_at=now - timedelta(days=days - 2),
                    next_contact_at=now + timedelta(days=days),
                )
                planned = now + timedelta(days=days)
                FollowUpNote.objects.create(prospect_id=pk, note="Hi", scheduled_at=planned)
        merge(team.alice, again, acme)
        with tenant_scope(team.tenant.pk):
            kept = prospect_again(acme.prospect_id)
        assert kept.first_contact_at == now - timedelta(days=9)
        assert kept.last_contact_at == now - timedelta(days=1)
        assert kept.next_contact_at == now + timedelta(days=3)

    def test_is_found_by_either_person(self, team, acme, again):
        merge(team.alice, again, acme)
        for text in ("john", "jane@acme"):
            (row,) = team.alice.get("/prospects/list", {"search": text}).json()["data"]
            assert row["company_id"] == acme.pk

    def test_brings_along_what_was_merged_before(self, team, acme, again):
        earlier = card(team, owner=team.alice, company_name="Earlier")
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=earlier.pk).update(
                merged_into=again, deleted_at=timezone.now()
            )
        merge(team.alice, again, acme)
        with tenant_scope(team.tenant.pk):
            assert prospect_again(earlier.pk).merged_into_id == acme.prospect_id


class TestRefusal:
    def test_of_two_cards_with_companies(self, team, acme):
        other = client(team, owner=team.alice)
        answer = merge(team.alice, other.prospect, acme)
        assert answer.status_code == 409
        assert team.alice.get(f"/clients/{other.pk}").status_code == 200

    def test_of_a_card_with_itself(self, team, acme):
        assert merge(team.alice, acme.prospect, acme).status_code == 409

    def test_of_a_prospect_merged_already(self, team, acme, again):
        merge(team.alice, again, acme)
        assert merge(team.alice, again, acme).status_code == 400

    @pytest.mark.parametrize("company_id", [999999999, "x", 2**70, True, {}])
    def test_of_a_company_that_does_not_exist(self, team, again, company_id):
        answer = team.alice.post("/clients", {"prospect_id": again.pk, "company_id": company_id})
        assert (answer.status_code, list(answer.json()["validation"])) == (400, ["company_id"])

    def test_of_what_the_caller_does_not_see(self, team, rivals, acme, again):
        foreign = client(rivals)
        bobs = client(team, owner=team.bob)
        assert merge(team.alice, again, foreign).status_code == 400
        assert merge(team.alice, again, bobs).status_code == 400
        assert merge(rivals.mona, again, foreign).status_code == 400
        with tenant_scope(team.tenant.pk):
            assert prospect_again(again.pk).deleted_at is None

    def test_of_what_the_caller_may_only_look_at(self, team, acme):
        bobs = card(team, owner=team.bob)
        share = {"user_id": team.alice.id, "permission": "view"}
        team.bob.post(f"/prospects/{bobs.pk}/shares", share)
        assert merge(team.alice, bobs, acme).status_code == 403
        with tenant_scope(team.tenant.pk):
            assert prospect_again(bobs.pk).deleted_at is None
