"""Whom tools are for, and what no agent may do."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.sessions.services import revoke_session
from accounts.sessions.tokens import session_of_access
from core.tenancy import tenant_scope
from sales.models import Quote
from tests.mcp.agents_of import call, modern, refused, result_of, tools
from tests.people import Team
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal, stage
from tests.sales.documents.documents_of import quote, sent_invoice, stored
from tests.staff import filled_in, signed_in

GUARDED = {
    "leader_send_quote",
    "leader_approve_quote",
    "leader_send_invoice",
    "leader_record_payment",
    "leader_delete_deal",
}
NOT_FOR_SALES = {
    "leader_create_invoice",
    "leader_send_invoice",
    "leader_record_payment",
    "leader_delete_deal",
}


@pytest.fixture
def barred(team: Team) -> Team:
    """Acme's admin has decided that agents may not send or delete."""
    team.tenant.agents_may_send = False
    team.tenant.save(update_fields=["agents_may_send"])
    return team


class TestTheList:
    def test_shows_everybody_what_they_may_do(self, team: Team) -> None:
        everything = set(tools(team.ada))
        assert set(tools(team.mona)) == everything
        assert set(tools(team.alice)) == everything - NOT_FOR_SALES
        assert all(
            each["annotations"]["readOnlyHint"] or name == "leader_authenticate"
            for name, each in tools(team.victor).items()
        )

    def test_describes_each_tool(self, team: Team) -> None:
        for name, each in tools(team.ada).items():
            assert each["title"]
            assert len(each["description"]) > 20
            assert each["inputSchema"]["type"] == each["outputSchema"]["type"] == "object"
            hints = each["annotations"]
            assert hints.keys() >= {
                "readOnlyHint",
                "destructiveHint",
                "idempotentHint",
                "openWorldHint",
            }
            assert hints["destructiveHint"] == (name in GUARDED)
            assert ("dry_run" in each["inputSchema"]["properties"]) == (name in GUARDED)

    @pytest.mark.parametrize("tool", sorted(NOT_FOR_SALES))
    def test_leaves_out_what_is_refused(self, team: Team, tool: str) -> None:
        assert refused(team.alice, tool).startswith("You do not have permission")


class TestVisibility:
    def test_is_that_of_the_api(self, team: Team, rivals: Team) -> None:
        own, maria = deal(team, team.alice), contact(team.alice)
        lead = card(team, owner=team.alice)
        for outsider in (team.bob, rivals.ada):
            assert refused(outsider, "leader_get_deal", deal_id=own["id"]) == "Not found."
            assert refused(outsider, "leader_get_contact", contact_id=maria["id"]) == "Not found."
            said = refused(outsider, "leader_log_follow_up", prospect_id=lead.pk, note="x")
            assert said == "There is no such prospect."
            assert call(outsider, "leader_search_contacts")["total"] == 0
            assert call(outsider, "leader_list_deals")["total"] == 0
            assert call(outsider, "leader_search", query="ERP")["total"] == 0
            assert call(outsider, "leader_prospect_board")["total"] == 0

    def test_ids_of_other_tenants_are_no_ids(self, team: Team, rivals: Team) -> None:
        theirs = stage(team)
        said = refused(
            rivals.ada,
            "leader_create_deal",
            name="x",
            pipeline_id=theirs.pipeline_id,
            stage_id=theirs.pk,
        )
        assert "pipeline_id: " in said
        maria = contact(team.alice)
        said = refused(
            rivals.ada,
            "leader_create_quote",
            contact_id=maria["id"],
            items=[{"description": "a", "quantity": 1, "unit_price": 1}],
        )
        assert "contact_id" in said

    def test_ends_with_the_session(self, team: Team) -> None:
        call(team.alice, "leader_whoami")
        session = session_of_access(team.alice.token)
        assert session
        with tenant_scope(team.tenant.pk):
            revoke_session(session_id=session, at=timezone.now())
        answer = modern(team.alice, "tools/list", {})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


class TestTheSwitch:
    def test_is_the_admins_in_the_back_office(self, team: Team) -> None:
        path = reverse("admin:accounts_tenant_change", args=(team.tenant.pk,))
        ada = signed_in(team.ada.user)
        form = filled_in(ada.get(path))
        assert form.pop("agents_may_send")
        ada.post(path, form)
        assert not GUARDED & set(tools(team.mona))
        assert signed_in(team.mona.user).get(path).status_code == 403


@pytest.mark.usefixtures("barred")
class TestBarredAgents:
    def test_are_not_shown_what_sends_decides_or_deletes(self, team: Team) -> None:
        assert not GUARDED & set(tools(team.ada))
        me = call(team.ada, "leader_whoami")
        assert me["agents_may_send"] is False
        assert not GUARDED & set(me["tools"])

    def test_are_refused_with_the_reason(self, team: Team) -> None:
        offer = quote(team.ada)
        said = refused(team.ada, "leader_send_quote", quote_id=offer["id"])
        assert said.startswith("This tenant does not let agents send")
        assert stored(team, Quote, offer["id"]).status == "draft"

    def test_may_still_rehearse(self, team: Team) -> None:
        offer = quote(team.ada)
        told = call(team.ada, "leader_send_quote", quote_id=offer["id"], dry_run=True)
        assert told["dry_run"]["rows"] > 0
        assert stored(team, Quote, offer["id"]).status == "draft"

    def test_are_not_told_to_do_next_what_they_may_not(self, team: Team) -> None:
        maria = contact(team.ada)
        items = [{"description": "a", "quantity": 1, "unit_price": 1}]
        made = call(team.ada, "leader_create_quote", contact_id=maria["id"], items=items)
        assert made["next"] == []

    def test_of_other_tenants_are_free(self, rivals: Team) -> None:
        assert set(tools(rivals.ada)) >= GUARDED

    def test_people_are_not_held_back(self, team: Team) -> None:
        assert sent_invoice(team.ada)["status"] == "sent"


class TestResources:
    def test_are_what_ids_come_from(self, team: Team) -> None:
        shown = result_of(modern(team.alice, "resources/list", {}))["resources"]
        assert [each["uri"] for each in shown] == ["crm://pipelines", "crm://catalogs"]
        (read,) = result_of(modern(team.alice, "resources/read", {"uri": "crm://pipelines"}))[
            "contents"
        ]
        assert read["mimeType"] == "application/json"
        assert '"Propuesta"' in read["text"]
        (read,) = result_of(modern(team.alice, "resources/read", {"uri": "crm://catalogs"}))[
            "contents"
        ]
        assert '"follow_up_categories"' in read["text"]

    def test_there_are_no_others(self, team: Team) -> None:
        answer = modern(team.alice, "resources/read", {"uri": "crm://users"})
        assert answer.json()["error"]["message"] == "There is no such resource."
