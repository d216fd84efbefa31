"""`POST /prospects/{id}/merge`: one card goes into another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from analytics.leads.models import Lead
from analytics.leads.services import sync_leads
from clients.companies.models import Company
from clients.merging.models import CardMerge, MovedRows
from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.followups.services import add_note
from prospects.models import Contact, Prospect
from prospects.sharing.services import share_prospect
from tests.clients.clients_of import client, prospect_again
from tests.clients.merging.state import everything, nothing_is_wrong
from tests.prospects.cards_of import card, category


@pytest.fixture
def kept(team):
    return card(team, owner=team.alice, company_name="Acme", name="John Doe", email="john@acme.mx")


@pytest.fixture
def gone(team):
    made = card(
        team,
        owner=team.alice,
        company_name="Acme SA",
        name="Jane Smith",
        email="jane@acme.mx",
        phone_code="52",
        phone="5512345678",
        channel="expo",
        account_value=Decimal("5000.00"),
        team_roles={"csr": team.bob},
    )
    with tenant_scope(team.tenant.pk):
        add_note(prospect_id=made.pk, note="Hi", by=team.alice.user, at=timezone.now())
        add_contact(prospect_id=made.pk, values={"first_name": "Third"}, by=None, at=timezone.now())
    return made


def merge(person, kept, gone, **body):
    return person.post(f"/prospects/{kept.pk}/merge", {"from_id": gone.pk, **body})


class TestMerge:
    def test_moves_all_that_hangs_on_the_other(self, team, kept, gone):
        answer = merge(team.alice, kept, gone)
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert body["moved"] == {"contacts": 2, "notes": 1, "assignments": 1}
        shown = body["card"]
        assert [each["name"] for each in shown["contacts"]] == ["Jane Smith", "Third"]
        assert shown["notes_total"] == 1
        assert shown["follow_data"]["assignments"]["csr"] == team.bob.id
        nothing_is_wrong(team)

    def test_fills_what_is_empty_and_keeps_the_rest(self, team, kept, gone):
        body = merge(team.alice, kept, gone).json()
        assert body["changes"] == {
            "phone": {"before": "", "after": "+525512345678"},
            "channel": {"before": "", "after": "expo"},
            "account_value": {"before": None, "after": 5000},
        }
        shown = body["card"]["prospect"]
        assert (shown["name"], shown["email"]) == ("John Doe", "john@acme.mx")
        assert (shown["company_name"], shown["phone"]) == ("Acme", "5512345678")

    def test_takes_the_values_that_are_chosen(self, team, kept, gone):
        contacted = category(team, "contacted")
        team.alice.patch(f"/prospects/{gone.pk}/data", {"follow_up_id": contacted.pk})
        fields = {"company_name": "from", "follow_up_id": "from", "email": "survivor"}
        shown = merge(team.alice, kept, gone, fields=fields).json()["card"]["prospect"]
        assert (shown["company_name"], shown["follow_name"]) == ("Acme SA", "contacted")
        assert shown["email"] == "john@acme.mx"

    def test_never_lets_an_empty_value_survive(self, team, kept, gone):
        fields = {"channel": "survivor", "external_id": "from", "account_type": "from"}
        body = merge(team.alice, kept, gone, fields=fields).json()
        assert body["card"]["follow_data"]["channel"] == "expo"
        assert "account_type" not in body["changes"]

    def test_of_the_whole_person_makes_them_the_primary_one(self, team, kept, gone):
        fields = dict.fromkeys(("name", "email", "phone"), "from")
        shown = merge(team.alice, kept, gone, fields=fields).json()["card"]
        assert shown["prospect"]["email"] == "jane@acme.mx"
        assert [each["name"] for each in shown["contacts"]] == ["John Doe", "Third"]
        assert shown["contacts"][0]["email"] == "john@acme.mx"
        nothing_is_wrong(team)

    def test_is_found_by_either_name(self, team, kept, gone):
        merge(team.alice, kept, gone)
        for text in ("john", "jane@acme", "third"):
            (row,) = team.alice.get("/prospects/list", {"search": text}).json()["data"]
            assert row["id"] == kept.pk

    def test_brings_the_company_along(self, team, kept):
        other = client(team, owner=team.alice, company_name="Acme SA")
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=other.prospect_id).update(type=2)
        body = merge(team.alice, kept, other.prospect).json()
        assert body["moved"]["company"] == 1
        assert body["card"]["prospect"]["company_id"] == other.pk
        assert body["card"]["prospect"]["type"] == 2
        assert team.alice.get(f"/clients/{other.pk}").json()["company"]["prospect_id"] == kept.pk
        nothing_is_wrong(team)

    def test_leaves_a_client_a_client(self, team, gone):
        company = client(team, owner=team.alice, company_name="Acme SA")
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=company.prospect_id).update(type=2)
        body = merge(team.alice, company.prospect, gone, fields={"type": "from"}).json()
        assert body["card"]["prospect"]["type"] == 2
        assert "type" not in body["changes"]

    def test_is_followed_by_analytics(self, team, kept):
        other = client(team, owner=team.alice, company_name="Acme SA")
        with tenant_scope(team.tenant.pk):
            sync_leads()
            merge(team.alice, kept, other.prospect)
            sync_leads()
            assert Lead.objects.values_list("prospect_id", "record_id").get() == (kept.pk, other.pk)
            assert team.alice.post(f"/prospects/{kept.pk}/unmerge", {}).status_code == 200
            sync_leads()
            leads = set(Lead.objects.values_list("prospect_id", "record_id"))
        assert leads == {(kept.pk, kept.pk), (other.prospect_id, other.pk)}

    def test_keeps_a_ledger(self, team, kept, gone):
        merge_id = merge(team.alice, kept, gone).json()["merge_id"]
        with tenant_scope(team.tenant.pk):
            merge_row = CardMerge.objects.get(pk=merge_id)
            moved = dict(MovedRows.objects.values_list("relation", "row_ids"))
            people = Contact.objects.filter(first_name__in=("Jane", "Third"))
            assert set(moved["prospects.Contact.prospect"]) == {each.pk for each in people}
        assert (merge_row.survivor_id, merge_row.merged_id) == (kept.pk, gone.pk)
        assert merge_row.by_id == team.alice.id
        assert merge_row.values["channel"] == ["", "expo"]

    def test_leads_its_addresses_to_the_survivor(self, team, kept, gone):
        merge(team.alice, kept, gone)
        for rest in ("", "?source=company", "/shares", "/duplicates"):
            answer = team.alice.get(f"/prospects/{gone.pk}{rest}")
            assert answer.status_code == 301
            assert answer["Location"] == f"/prospects/{kept.pk}{rest}"
            assert answer["Cache-Control"] == "no-cache"
        assert team.alice.patch(f"/prospects/{gone.pk}", {"name": "X"}).status_code == 404

    def test_leads_nobody_to_what_they_do_not_see(self, team, rivals, kept, gone):
        merge(team.alice, kept, gone)
        for person in (team.bob, rivals.ada):
            with_part = person is team.bob  # he had a part in the card that went
            status = 301 if with_part else 404
            assert person.get(f"/prospects/{gone.pk}").status_code == status
        unseen = card(team, owner=team.alice, company_name="Third")
        merge(team.alice, unseen, kept)
        team.alice.patch(f"/prospects/{unseen.pk}/data", {"assignments": {"csr": None}})
        assert team.bob.get(f"/prospects/{kept.pk}").status_code == 404

    def test_of_merged_cards_leads_to_the_last(self, team, kept, gone):
        last = card(team, owner=team.alice, company_name="Last")
        merge(team.alice, kept, gone)
        assert merge(team.alice, last, kept).json()["moved"]["merged_before"] == 1
        assert team.alice.get(f"/prospects/{gone.pk}")["Location"] == f"/prospects/{last.pk}"


class TestDryRun:
    def test_answers_what_would_happen_and_writes_nothing(self, team, kept, gone):
        before = everything(team)
        fields = {"company_name": "from", "name": "from"}
        told = merge(team.alice, kept, gone, fields=fields, dry_run=True).json()
        assert everything(team) == before
        assert (told["dry_run"], told["merge_id"], told["card"]) == (True, None, None)
        done = merge(team.alice, kept, gone, fields=fields).json()
        assert {name: told[name] for name in ("changes", "moved")} == {
            name: done[name] for name in ("changes", "moved")
        }

    def test_is_refused_as_the_merge_would_be(self, team):
        one, other = client(team, owner=team.alice), client(team, owner=team.alice)
        answer = merge(team.alice, one.prospect, other.prospect, dry_run=True)
        assert answer.status_code == 409


class TestRefusal:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"from_id": None},
            {"from_id": "x"},
            {"from_id": 0},
            {"from_id": 2**70},
            {"from_id": True},
            {"from_id": 1, "fields": []},
            {"from_id": 1, "fields": {"nonsense": "from"}},
            {"from_id": 1, "fields": {"email": "mine"}},
            {"from_id": 1, "fields": {"email": ["from"]}},
            {"from_id": 1, "fields": {"em\x00ail": "from"}},
            {"from_id": 1, "dry_run": "perhaps"},
        ],
    )
    def test_of_nonsense(self, team, kept, body):
        answer = team.alice.post(f"/prospects/{kept.pk}/merge", body)
        assert answer.status_code == 400, answer.content
        assert answer.json()["validation"]

    def test_of_a_card_with_itself(self, team, kept):
        answer = merge(team.alice, kept, kept)
        assert (answer.status_code, list(answer.json()["validation"])) == (400, ["from_id"])

    def test_of_two_cards_with_companies(self, team):
        one, other = client(team, owner=team.alice), client(team, owner=team.alice)
        answer = merge(team.alice, one.prospect, other.prospect)
        assert answer.status_code == 409
        with tenant_scope(team.tenant.pk):
            assert Company.objects.count() == 2

    def test_of_a_card_merged_already(self, team, kept, gone):
        third = card(team, owner=team.alice, company_name="Third")
        merge(team.alice, kept, gone)
        for into, other in ((kept, gone), (gone, kept), (third, gone), (gone, third)):
            answer = merge(team.alice, into, other)
            assert answer.status_code == 409
            assert str(kept.pk) in answer.json()["message"]

    def test_of_what_one_does_not_see(self, team, rivals, kept, gone):
        foreign, bobs = card(rivals, owner=rivals.ada), card(team, owner=team.bob)
        for other in (foreign, bobs):
            assert merge(team.alice, kept, other).status_code == 404
            assert merge(team.alice, other, kept).status_code == 404
        assert merge(rivals.ada, foreign, kept).status_code == 404
        team.alice.delete(f"/prospects/{gone.pk}")
        assert merge(rivals.ada, kept, gone).status_code == 404

    def test_of_what_one_may_only_look_at(self, team, kept):
        bobs = card(team, owner=team.bob)
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=bobs.pk, user_id=team.alice.id, level="view", by=team.bob.user
            )
        for into, other in ((kept, bobs), (bobs, kept)):
            assert merge(team.alice, into, other).status_code == 403
        with tenant_scope(team.tenant.pk):
            assert prospect_again(bobs.pk).deleted_at is None
