"""`POST /prospects/{id}/unmerge`: a merge taken back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.merging.models import CardMerge
from clients.operations.models import AccountPayment
from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.followups.models import FollowUpNote
from prospects.followups.services import add_note
from prospects.models import Contact, Location, Prospect, Service
from prospects.pipeline.services import set_services
from prospects.sharing.services import share_prospect
from tests.clients.clients_of import client, company_again, prospect_again
from tests.clients.merging.state import everything, nothing_is_wrong
from tests.prospects.cards_of import card, category


@pytest.fixture
def kept(team):
    return card(team, owner=team.alice, company_name="Acme", name="John Doe", email="john@acme.mx")


@pytest.fixture
def gone(team):
    """A card with something of everything."""
    made = card(
        team,
        owner=team.bob,
        company_name="Acme SA",
        name="Jane Smith",
        email="jane@acme.mx",
        phone_code="52",
        phone="5512345678",
        external_id="old-17",
        account_value=Decimal("5000.00"),
        verified_at=timezone.now(),
        team_roles={"csr": team.alice},
    )
    at = timezone.now()
    with tenant_scope(team.tenant.pk):
        planned = at + timedelta(days=2)
        add_note(prospect_id=made.pk, note="Hi", by=team.alice.user, at=at, scheduled_at=planned)
        add_contact(prospect_id=made.pk, values={"first_name": "Third"}, by=None, at=at)
        Location.objects.create(prospect=made, name="Depot", link="https://x.mx", type="office")
        set_services(prospect_id=made.pk, service_ids=[Service.objects.first().pk])
        share_prospect(prospect_id=made.pk, user_id=team.victor.id, level="view", by=team.mona.user)
    return made


def merge(person, kept, gone, **body):
    answer = person.post(f"/prospects/{kept.pk}/merge", {"from_id": gone.pk, **body})
    assert answer.status_code == 200, answer.content
    return answer.json()


def unmerge(person, kept, **body):
    return person.post(f"/prospects/{kept.pk}/unmerge", body)


PERSON = dict.fromkeys(("name", "email", "phone"), "from")


class TestUnmerge:
    @pytest.mark.parametrize(
        "fields",
        [
            {},
            PERSON,
            {"name": "from"},
            {"email": "from"},
            {"company_name": "from", "created_by": "from", "follow_up_id": "from"},
        ],
        ids=str,
    )
    def test_leaves_everything_as_it_was(self, team, kept, gone, fields):
        contacted = category(team, "contacted")
        team.alice.patch(f"/prospects/{gone.pk}/data", {"follow_up_id": contacted.pk})
        before = everything(team)
        merge(team.mona, kept, gone, fields=fields)
        answer = unmerge(team.mona, kept)
        assert answer.status_code == 200, answer.content
        assert everything(team) == before
        assert (answer.json()["kept_rows"], answer.json()["kept_fields"]) == ({}, [])
        assert answer.json()["restored_id"] == gone.pk
        assert team.bob.get(f"/prospects/{gone.pk}").status_code == 200
        nothing_is_wrong(team)

    def test_of_a_card_that_named_nobody_leaves_everything_as_it_was(self, team, gone):
        nameless = card(team, company_name="Acme")
        before = everything(team)
        merge(team.mona, nameless, gone)
        assert unmerge(team.mona, nameless).status_code == 200
        assert everything(team) == before
        nothing_is_wrong(team)

    def test_of_a_company_leaves_account_and_types_as_they_were(self, team, kept):
        company = client(team, owner=team.alice, company_name="Acme SA")
        with tenant_scope(team.tenant.pk):
            recharge(company, 500)
            Prospect.objects.filter(pk=company.prospect_id).update(type=2)
        before = everything(team)
        merge(team.alice, kept, company.prospect)
        nothing_is_wrong(team)
        assert unmerge(team.alice, kept).status_code == 200
        assert everything(team) == before
        nothing_is_wrong(team)

    def test_of_a_company_that_recharged_since_makes_its_own_card_a_clients(self, team, kept):
        company = client(team, owner=team.alice, company_name="Acme SA")
        merge(team.alice, kept, company.prospect)
        with tenant_scope(team.tenant.pk):
            recharge(company, 500)
            Prospect.objects.filter(pk=kept.pk).update(type=2)
        assert unmerge(team.alice, kept).status_code == 200
        with tenant_scope(team.tenant.pk):
            assert company_again(company.pk).balance == 500
            assert prospect_again(company.prospect_id).type == 2
            assert prospect_again(kept.pk).type == 1
        nothing_is_wrong(team)

    def test_keeps_what_was_changed_since(self, team, kept, gone):
        merge(team.mona, kept, gone)
        team.mona.patch(f"/prospects/{kept.pk}/data", {"account_value": 7})
        add = {"name": "New", "email": "new@acme.mx", "phone_code": "52", "phone": "5587654321"}
        team.mona.post(f"/prospects/{kept.pk}/contacts", add)
        team.mona.post(f"/prospects/{kept.pk}/notes", {"action": "call", "note": "Later"})
        body = unmerge(team.mona, kept).json()
        assert body["kept_fields"] == ["account_value"]
        assert body["card"]["follow_data"]["account_value"] == 7
        assert body["card"]["prospect"]["phone"] == ""
        assert [each["name"] for each in body["card"]["contacts"]] == ["New"]
        assert [each["note"] for each in body["card"]["notes"]] == ["Later"]
        nothing_is_wrong(team)

    def test_gives_a_person_back_as_they_were_edited_since(self, team, kept, gone):
        merge(team.mona, kept, gone, fields=PERSON)
        team.mona.patch(f"/prospects/{kept.pk}", {"name": "Jane Brown"})
        assert unmerge(team.mona, kept).status_code == 200
        with tenant_scope(team.tenant.pk):
            assert prospect_again(kept.pk).name == "John Doe"
            assert prospect_again(gone.pk).name == "Jane Brown"
        nothing_is_wrong(team)

    def test_settles_what_is_planned_next(self, team, kept, gone):
        merge(team.mona, kept, gone)
        with tenant_scope(team.tenant.pk):
            FollowUpNote.objects.update(done_at=timezone.now())
        unmerge(team.mona, kept)
        with tenant_scope(team.tenant.pk):
            assert prospect_again(gone.pk).next_contact_at is None
            assert prospect_again(kept.pk).next_contact_at is None

    def test_leaves_people_where_somebody_put_them_since(self, team, kept, gone):
        merge(team.mona, kept, gone)
        elsewhere = card(team, company_name="Elsewhere", name="Boss")
        with tenant_scope(team.tenant.pk):
            Contact.objects.filter(first_name="Third").update(prospect=elsewhere)
        assert unmerge(team.mona, kept).json()["kept_rows"] == {"contacts": 1}
        shown = team.mona.get(f"/prospects/{elsewhere.pk}").json()["contacts"]
        assert [each["name"] for each in shown] == ["Third"]
        nothing_is_wrong(team)

    def test_takes_back_the_latest_or_the_one_that_is_named(self, team, kept, gone):
        other = card(team, company_name="Other")
        first = merge(team.mona, kept, gone)["merge_id"]
        merge(team.mona, kept, other)
        assert unmerge(team.mona, kept, merge_id=first).json()["restored_id"] == gone.pk
        assert unmerge(team.mona, kept).json()["restored_id"] == other.pk
        assert team.mona.get(f"/prospects/{other.pk}").status_code == 200

    def test_and_merging_again_go_on_for_ever(self, team, kept, gone):
        before = everything(team)
        for _ in range(3):
            merge(team.mona, kept, gone)
            assert unmerge(team.mona, kept).status_code == 200
            merge(team.mona, gone, kept)
            assert unmerge(team.mona, gone).status_code == 200
        assert everything(team) == before
        with tenant_scope(team.tenant.pk):
            assert CardMerge.objects.filter(undone_by=team.mona.user).count() == 6

    def test_goes_backwards_through_merges_of_merged_cards(self, team, kept, gone):
        last = card(team, company_name="Last")
        before = everything(team)
        merge(team.mona, kept, gone)
        merge(team.mona, last, kept)
        assert unmerge(team.mona, kept).status_code == 409
        assert unmerge(team.mona, last).status_code == 200
        assert unmerge(team.mona, kept).status_code == 200
        assert everything(team) == before


class TestRefusal:
    def test_when_something_that_moved_was_deleted_since(self, team, kept, gone):
        merge(team.mona, kept, gone)
        with tenant_scope(team.tenant.pk):
            location = Location.objects.get()
            third = Contact.objects.get(first_name="Third")
        team.mona.delete(f"/prospects/locations/{location.pk}")
        team.mona.delete(f"/prospects/{third.pk}/contacts")
        before = everything(team)
        answer = unmerge(team.mona, kept)
        assert answer.status_code == 409
        assert "contacts (1), locations (1)" in answer.json()["message"]
        assert everything(team) == before

    def test_does_not_count_what_was_deleted_before(self, team, kept, gone):
        with tenant_scope(team.tenant.pk):
            third = Contact.objects.get(first_name="Third")
        team.mona.delete(f"/prospects/{third.pk}/contacts")
        merge(team.mona, kept, gone)
        assert unmerge(team.mona, kept).status_code == 200

    def test_when_a_person_who_came_is_the_primary_contact_by_now(self, team, kept, gone):
        merge(team.mona, kept, gone)
        with tenant_scope(team.tenant.pk):
            jane = Contact.objects.get(first_name="Jane")
        change = {"id": jane.pk, "isDefault": True}
        assert team.mona.put(f"/prospects/{kept.pk}/contacts", change).status_code == 200
        assert unmerge(team.mona, kept).status_code in (200, 409)
        nothing_is_wrong(team)

    def test_when_another_card_has_got_the_old_email(self, team, kept, gone):
        merge(team.mona, kept, gone, fields={"email": "from"})
        card(team, email="john@acme.mx")
        before = everything(team)
        answer = unmerge(team.mona, kept)
        assert answer.status_code == 409
        assert "email" in answer.json()["message"]
        assert everything(team) == before

    def test_of_a_second_time(self, team, kept, gone):
        merge_id = merge(team.mona, kept, gone)["merge_id"]
        unmerge(team.mona, kept)
        assert unmerge(team.mona, kept).status_code == 409
        assert unmerge(team.mona, kept, merge_id=merge_id).status_code == 409

    def test_of_what_does_not_exist_for_one(self, team, rivals, kept, gone):
        merge_id = merge(team.mona, kept, gone)["merge_id"]
        other = card(team, company_name="Other")
        assert unmerge(team.mona, other, merge_id=merge_id).status_code == 404
        assert unmerge(team.mona, kept, merge_id=merge_id + 1).status_code == 404
        assert unmerge(rivals.ada, kept).status_code == 404
        assert unmerge(rivals.ada, card(rivals), merge_id=merge_id).status_code == 404

    def test_of_a_viewer(self, team, kept, gone):
        merge(team.mona, kept, gone)
        assert unmerge(team.victor, kept).status_code == 403

    @pytest.mark.parametrize("merge_id", [None, "x", 0, 2**70, True, []])
    def test_of_nonsense(self, team, kept, merge_id):
        assert unmerge(team.mona, kept, merge_id=merge_id).status_code == 400


def recharge(company, amount):
    AccountPayment.objects.create(
        company=company, amount=amount, currency="MXN", paid_at=timezone.now()
    )
