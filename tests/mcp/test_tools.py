"""Each tool, used by somebody's agent."""

from __future__ import annotations

from typing import Any

import pytest

from prospects.models import FollowUpNote
from sales.models import Deal, Payment
from tests.mcp.agents_of import call, refused, tools
from tests.people import PASSWORD, Person, Team
from tests.prospects.cards_of import card, category
from tests.sales.activities.activities_of import activity
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal, stage
from tests.sales.documents.documents_of import (
    HOURS,
    approved_quote,
    quote,
    sent_invoice,
    sent_quote,
)

ADMIN = "http://testserver/admin"
DRAFT = {"items": [HOURS]}


class TestWhoIAm:
    def test_tells_user_tenant_rights_and_tools(self, team: Team) -> None:
        me = call(team.alice, "leader_whoami")
        assert me["user"]["email"] == "alice@acme.test"
        assert me["tenant"]["name"] == "Acme"
        assert "sales.add_deal" in me["permissions"]
        assert me["agents_may_send"] is True
        assert me["tools"] == list(tools(team.alice))

    def test_signs_somebody_in(self, team: Team) -> None:
        signed_in = call(
            team.alice, "leader_authenticate", email="bob@acme.test", password=PASSWORD
        )
        bob = Person(team.bob.user)
        bob.sign_in_with(signed_in["token"])
        assert call(bob, "leader_whoami")["user"]["email"] == "bob@acme.test"

    def test_signs_nobody_in_with_a_wrong_password(self, team: Team) -> None:
        said = refused(team.alice, "leader_authenticate", email="bob@acme.test", password="x")
        assert said == "The email or the password is wrong."


class TestContacts:
    def test_are_found_with_their_number_and_pages(self, team: Team) -> None:
        maria = contact(team.alice, first_name="María", last_name="García")
        contact(team.alice, first_name="Otro")
        found = call(team.alice, "leader_search_contacts", search="garcia", per_page=10)
        assert [each["id"] for each in found["contacts"]] == [maria["id"]]
        assert (found["total"], found["page"], found["per_page"]) == (1, 1, 10)
        assert found["contacts"][0]["url"] == f"{ADMIN}/prospects/contact/{maria['id']}/change/"
        assert "leader_create_deal" in found["next"]

    def test_are_created_as_the_api_does(self, team: Team) -> None:
        made = call(
            team.alice,
            "leader_create_contact",
            first_name="Roberto",
            last_name="Hernandez",
            emails=[{"email": "R@technogroup.mx"}],
            phones=[{"phone": "+52 81 8765 4321", "type": "office"}],
            custom_fields={"rfc": "X"},
        )["contact"]
        same = team.alice.get(f"/api/v1/contacts/{made['id']}").json()["data"]
        assert {**same, "url": made["url"]} == made
        assert call(team.alice, "leader_get_contact", contact_id=made["id"])["contact"] == made
        assert call(team.alice, "leader_get_contact", id=made["id"])["contact"] == made

    def test_tell_of_whom_they_double(self, team: Team) -> None:
        known = contact(team.alice, emails=[{"email": "m@x.test"}])
        doubled = call(
            team.alice, "leader_create_contact", first_name="M", emails=[{"email": "m@x.test"}]
        )
        assert doubled["duplicate_of"] == known["id"]

    def test_are_created_once_for_a_key(self, team: Team) -> None:
        sent: dict[str, Any] = {"first_name": "Once", "idempotency_key": "k1"}
        first, second = (call(team.alice, "leader_create_contact", **sent) for _ in range(2))
        assert first["contact"] == second["contact"]
        assert call(team.alice, "leader_search_contacts", search="once")["total"] == 1


class TestDeals:
    def test_go_through_their_pipeline(self, team: Team) -> None:
        (pipeline,) = call(team.alice, "leader_get_pipeline")["pipelines"]
        first, *_rest, won, _lost = pipeline["stages"]
        maria = contact(team.alice)
        made = call(
            team.alice,
            "leader_create_deal",
            name="ERP",
            pipeline_id=pipeline["id"],
            stage_id=first["id"],
            amount=450000.5,
            contact_ids=[maria["id"]],
        )["deal"]
        assert (made["amount"], made["url"]) == (
            450000.5,
            f"{ADMIN}/sales/deal/{made['id']}/change/",
        )
        moved = call(team.alice, "leader_move_deal_stage", deal_id=made["id"], stage_id=won["id"])[
            "deal"
        ]
        assert (moved["status"], moved["stage_id"]) == ("won", won["id"])
        whole = call(team.alice, "leader_get_deal", deal_id=made["id"])["deal"]
        assert [each["id"] for each in whole["contacts"]] == [maria["id"]]
        listed = call(team.alice, "leader_list_deals", status="won")
        assert ([each["id"] for each in listed["deals"]], listed["total"]) == ([made["id"]], 1)

    def test_are_deleted_by_managers(self, team: Team) -> None:
        gone = deal(team, team.alice)
        answer = call(team.mona, "leader_delete_deal", deal_id=gone["id"])
        assert answer["message"] == "Deleted successfully."
        assert refused(team.mona, "leader_get_deal", deal_id=gone["id"]) == "Not found."

    def test_tell_what_is_wrong_where(self, team: Team) -> None:
        said = refused(team.alice, "leader_create_deal", name="", pipeline_id=1, stage_id=1)
        assert "name: This field is needed." in said
        assert "stage_id: " in said


@pytest.mark.django_db
class TestDocuments:
    def test_go_from_quote_to_payment(self, team: Team) -> None:
        maria = contact(team.mona, emails=[{"email": "maria@client.test"}])
        drafted = call(team.mona, "leader_create_quote", contact_id=maria["id"], **DRAFT)
        assert (drafted["quote"]["total"], drafted["next"]) == (208800, ["leader_send_quote"])
        quote_id = drafted["quote"]["id"]
        sent = call(team.mona, "leader_send_quote", quote_id=quote_id)
        assert sent["quote"]["status"] == "sent"
        assert sent["quote"]["delivery"]["to"] == "maria@client.test"
        assert sent["next"] == ["leader_send_quote", "leader_approve_quote"]
        approved = call(team.mona, "leader_approve_quote", quote_id=quote_id)
        assert approved["next"] == ["leader_create_invoice"]
        billed = call(team.mona, "leader_create_invoice", quote_id=quote_id)["invoice"]
        sent = call(team.mona, "leader_send_invoice", invoice_id=billed["id"])
        assert "leader_record_payment" in sent["next"]
        paid = call(team.mona, "leader_record_payment", invoice_id=billed["id"], amount=104400.25)
        assert (paid["payment"]["amount"], paid["invoice"]["amount_due"]) == (104400.25, 104399.75)
        last = call(team.mona, "leader_record_payment", invoice_id=billed["id"], amount=104399.75)
        assert (last["invoice"]["status"], last["next"]) == ("paid", [])

    def test_are_refused_in_the_words_of_the_api(self, team: Team) -> None:
        offer = quote(team.mona)
        said = refused(team.mona, "leader_approve_quote", quote_id=offer["id"])
        api = team.mona.post(f"/api/v1/quotes/{offer['id']}/approve").json()
        assert said == api["message"]
        bill = sent_invoice(team.mona)
        said = refused(team.mona, "leader_record_payment", invoice_id=bill["id"], amount=1e9)
        assert said.startswith("amount: ")

    def test_are_paid_once_for_a_key(self, team: Team, in_tenant: Team) -> None:
        bill = sent_invoice(team.mona)
        for _ in range(2):
            call(
                team.mona,
                "leader_record_payment",
                invoice_id=bill["id"],
                amount=1,
                idempotency_key="pay-1",
            )
        assert Payment.objects.count() == 1


class TestWork:
    def test_is_planned_and_listed(self, team: Team) -> None:
        about = deal(team, team.alice)
        kind = "App\\Models\\Deal"
        made = call(
            team.alice,
            "leader_create_activity",
            subject="Call",
            type="call",
            due_at="2030-01-02T10:00:00Z",
            activitable_type=kind,
            activitable_id=about["id"],
        )["activity"]
        assert made["activitable_id"] == str(about["id"])
        activity(team.alice, subject="Other")
        listed = call(
            team.alice,
            "leader_list_activities",
            activitable_type=kind,
            activitable_id=about["id"],
        )
        assert ([each["id"] for each in listed["activities"]], listed["total"]) == ([made["id"]], 1)

    def test_is_logged_on_cards_and_moves_them(self, team: Team, in_tenant: Team) -> None:
        lead = card(team, owner=team.alice, company_name="Acero")
        contacted = category(team, "contacted")
        logged = call(
            team.alice,
            "leader_log_follow_up",
            prospect_id=lead.pk,
            note="Called, wants an offer",
            action="call",
            scheduled_date="2030-01-02T10:00:00Z",
            follow=contacted.pk,
        )
        assert logged["url"] == f"{ADMIN}/prospects/prospect/{lead.pk}/change/"
        assert FollowUpNote.objects.get(pk=logged["note"]["id"]).prospect_id == lead.pk
        board = call(team.alice, "leader_prospect_board", category=contacted.pk)
        assert board["total"] == 1
        (column,) = board["categories"]
        assert (column["count"], column["records"][0]["id"]) == (1, lead.pk)


class TestSearch:
    def test_finds_everything_that_the_box_finds(self, team: Team) -> None:
        lead = card(team, owner=team.alice, company_name="Acero del Norte")
        about = deal(team, team.alice, name="Acero para 2030")
        found = call(team.alice, "leader_search", query="acero")
        assert {(each["kind"], each["id"]) for each in found["found"]} == {
            ("prospect", lead.pk),
            ("deal", about["id"]),
        }
        assert found["total"] == 2
        assert found["found"][0]["url"].startswith(ADMIN)

    def test_finds_documents_by_number(self, team: Team) -> None:
        offer = quote(team.alice)
        (found,) = call(team.alice, "leader_search", query=offer["quote_number"])["found"]
        assert (found["kind"], found["id"]) == ("quote", offer["id"])

    @pytest.mark.parametrize("query", ["", "  ", "x" * 101, "a\x00b"])
    def test_refuses_what_is_no_question(self, team: Team, query: str) -> None:
        assert refused(team.alice, "leader_search", query=query).startswith("query: ")


class TestFigures:
    def test_are_those_of_the_lists(self, team: Team) -> None:
        mine = deal(team, team.mona, amount=100.10, probability=33, currency="USD")
        deal(team, team.mona, amount=50, currency="MXN")
        won = deal(team, team.mona, stage_name="Ganado", amount=70)
        offer, bill = sent_quote(team.mona), sent_invoice(team.mona)
        approved_quote(team.mona)
        late = sent_invoice(team.mona, issued_at="2020-01-01", due_at="2020-01-31")
        activity(team.mona, due_at="2020-01-01T10:00:00Z")
        stats = call(team.mona, "leader_get_dashboard_stats")["stats"]
        assert stats == team.mona.get("/api/v1/dashboard/stats").json()["data"]
        contacts = team.mona.get("/api/v1/contacts").json()["meta"]["total"]
        assert stats["contacts"] == {"total": contacts, "new_this_month": contacts}
        listed = team.mona.get("/api/v1/deals?status=open").json()["data"]
        still = stats["deals"]["open"]
        assert still["count"] == len(listed) == 2
        assert still["amount"] == 150.10
        assert still["weighted"] == sum(each["weighted_amount"] for each in listed)
        assert {each["currency"]: each["amount"] for each in still["by_currency"]} == {
            "USD": mine["amount"],
            "MXN": 50,
        }
        assert stats["deals"]["won_this_month"]["count"] == 1
        assert stats["deals"]["won_this_month"]["amount"] == won["amount"]
        assert stats["quotes"]["sent"]["count"] == 1
        assert stats["quotes"]["sent"]["total"] == offer["total"]
        assert stats["quotes"]["expired"]["count"] == 0
        assert stats["invoices"]["sent"]["count"] == 1
        assert stats["invoices"]["overdue"]["total"] == stats["overdue_amount"] == late["total"]
        assert bill["status"] == "sent"
        assert (stats["pending_activities"], stats["overdue_activities"]) == (1, 1)
        where = {each["stage_id"]: each for each in stats["pipeline"]}
        assert where[stage(team, "Ganado").pk]["amount"] == 70
        assert len(where) == 6

    def test_are_of_what_the_caller_sees(self, team: Team, rivals: Team) -> None:
        deal(team, team.alice)
        quote(team.alice)
        for outsider in (team.bob, rivals.ada):
            stats = call(outsider, "leader_get_dashboard_stats")["stats"]
            assert stats["deals"]["open"]["count"] == 0
            assert stats["quotes"]["draft"]["count"] == 0
            assert stats["contacts"]["total"] == 0


def test_every_tool_was_wanted(team: Team, in_tenant: Team) -> None:
    """The twelve of the contract and those that go with them; Deal stays as it is."""
    assert set(tools(team.ada)) == {
        "leader_approve_quote",
        "leader_authenticate",
        "leader_create_activity",
        "leader_create_contact",
        "leader_create_deal",
        "leader_create_invoice",
        "leader_create_quote",
        "leader_delete_deal",
        "leader_get_contact",
        "leader_get_dashboard_stats",
        "leader_get_deal",
        "leader_get_pipeline",
        "leader_list_activities",
        "leader_list_deals",
        "leader_log_follow_up",
        "leader_move_deal_stage",
        "leader_prospect_board",
        "leader_record_payment",
        "leader_search",
        "leader_search_contacts",
        "leader_send_invoice",
        "leader_send_quote",
        "leader_whoami",
    }
    assert not Deal.objects.exists()
