"""What agents changed says so."""

from __future__ import annotations

from django.utils.translation import override

from core.back_office_history import changes_of
from core.tenancy import tenant_scope
from sales.models import Deal
from tests.mcp.agents_of import CLIENT, call, older, post
from tests.people import Team
from tests.sales.deals.deals_of import deal, move, stage


def latest(team: Team, deal_id: int) -> tuple[str, str]:
    """Who changed a deal last, through which door."""
    with tenant_scope(team.tenant.pk), override("en"):
        row = Deal.objects.get(pk=deal_id)
        change = changes_of(row, seen_by=team.ada.user)[0]
        return change.who, change.door


class TestHistory:
    def test_names_the_agent_and_for_whom(self, team: Team) -> None:
        own = deal(team, team.alice)
        lead = stage(team, "Contactado").pk
        call(team.alice, "leader_move_deal_stage", deal_id=own["id"], stage_id=lead)
        assert latest(team, own["id"]) == ("agent Helper 1.2 for Alice Sales", "agent (MCP)")

    def test_knows_agents_of_the_older_protocol_by_what_they_said_first(self, team: Team) -> None:
        own = deal(team, team.alice)
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": CLIENT}
        begun = post(
            team.alice, {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}
        )
        asked = {"deal_id": own["id"], "stage_id": stage(team, "Contactado").pk}
        move_it = {"name": "leader_move_deal_stage", "arguments": asked}
        older(team.alice, "tools/call", move_it, HTTP_MCP_SESSION_ID=begun["Mcp-Session-Id"])
        assert latest(team, own["id"])[0] == "agent Helper 1.2 for Alice Sales"

    def test_else_by_their_device(self, team: Team) -> None:
        own = deal(team, team.alice)
        asked = {"deal_id": own["id"], "stage_id": stage(team, "Contactado").pk}
        move_it = {"name": "leader_move_deal_stage", "arguments": asked}
        forged = {"HTTP_MCP_SESSION_ID": "Mona", "HTTP_USER_AGENT": "curl/8\x00"}
        older(team.alice, "tools/call", move_it, **forged)
        assert latest(team, own["id"])[0] == "agent curl/8 for Alice Sales"

    def test_says_nothing_of_agents_where_there_was_none(self, team: Team) -> None:
        own = deal(team, team.alice)
        move(team.alice, own["id"], stage(team, "Contactado").pk)
        assert latest(team, own["id"]) == ("Alice Sales", "sales API")
