"""What arrives at /mcp, good and bad."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from core.tenancy import tenant_scope
from prospects.models import Contact
from sales.models import Deal
from tests.mcp.agents_of import ACCEPT, CLIENT, answered, call, modern, older, post, refused
from tests.people import Team
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal

INITIALIZE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": CLIENT}


def is_untouched(team: Team) -> bool:
    with tenant_scope(team.tenant.pk):
        return not (Contact.objects.exists() or Deal.objects.exists())


class TestTheDoor:
    def test_asks_for_a_token(self, team: Team) -> None:
        stranger = APIClient()
        for headers in ({}, {"HTTP_AUTHORIZATION": "Bearer forged"}):
            answer = stranger.post("/mcp", {}, format="json", **headers)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
            assert set(answer.json()) == {"message"}

    @pytest.mark.parametrize("method", ["get", "put", "delete"])
    def test_has_no_streams_and_no_sessions_to_end(self, team: Team, method: str) -> None:
        answer = getattr(team.alice, method)("/mcp")
        assert (answer.status_code, answer["Allow"]) == (405, "POST")

    def test_lets_no_page_of_another_site_in(self, team: Team) -> None:
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        assert post(team.alice, ping, HTTP_ORIGIN="https://evil.test").status_code == 403
        assert post(team.alice, ping, HTTP_ORIGIN="http://testserver").status_code == 200

    def test_counts_messages(self, team: Team, settings: Any, time_machine: Any) -> None:
        in_two_minutes = timezone.now().replace(second=10) + timedelta(minutes=2)
        time_machine.move_to(in_two_minutes)  # for which nothing has been counted in advance
        settings.CRM_MCP_MESSAGES_PER_MINUTE = 2
        statuses = [modern(team.alice, "tools/list", {}).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        answer = modern(team.alice, "tools/list", {})
        assert int(answer["Retry-After"]) >= 1
        assert modern(team.bob, "tools/list", {}).status_code == 200

    def test_gives_each_answer_an_id(self, team: Team) -> None:
        answer = modern(team.alice, "tools/list", {}, HTTP_X_REQUEST_ID="mine-1")
        assert answer["X-Request-ID"] == "mine-1"


class TestTheOlderProtocol:
    def test_shakes_hands_and_calls(self, team: Team) -> None:
        answer = post(
            team.alice,
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": INITIALIZE},
        )
        told = answer.json()["result"]
        assert told["protocolVersion"] == "2025-11-25"
        assert told["serverInfo"]["name"] == "leader-crm"
        assert told["capabilities"].keys() == {"tools", "resources"}
        noted = post(team.alice, {"jsonrpc": "2.0", "method": "notifications/initialized"})
        assert noted.status_code == 202
        called = older(team.alice, "tools/call", {"name": "leader_whoami"}).json()["result"]
        assert called["structuredContent"]["user"]["email"] == "alice@acme.test"


class TestBadMessages:
    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"{",
            b"[]",
            b"null",
            b'"x"',
            b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
            b'{"jsonrpc":"2.0","id":1}',
            b'{"jsonrpc":"1.0","id":1,"method":"ping"}',
            b'{"id":1,"method":"tools/call","params":[]}',
            b"[" * 100_000,
            b"\xff\xfe",
        ],
    )
    @pytest.mark.parametrize("version", ["2025-11-25", "2026-07-28", "1999-01-01"])
    def test_are_told_so(self, team: Team, raw: bytes, version: str) -> None:
        answer = team.alice.client.generic(
            "POST",
            "/mcp",
            raw,
            content_type="application/json",
            HTTP_ACCEPT=ACCEPT,
            HTTP_MCP_PROTOCOL_VERSION=version,
        )
        assert answer.status_code == 400, answer.content
        assert answer.json()["error"]["message"]

    def test_longer_than_any_are_not_read(self, team: Team) -> None:
        body = b'{"x": "' + b"x" * 5_000_000 + b'"}'
        answer = team.alice.client.generic("POST", "/mcp", body, content_type="application/json")
        assert answer.status_code == 413

    @pytest.mark.parametrize("method", ["tools/none", "prompts/list", "initialize"])
    def test_of_methods_that_there_are_not(self, team: Team, method: str) -> None:
        assert "error" in modern(team.alice, method, {}).json()


class TestBadCalls:
    def test_of_no_tool(self, team: Team) -> None:
        assert refused(team.alice, "leader_drop") == "There is no tool 'leader_drop'."

    def test_of_wrong_types(self, team: Team) -> None:
        said = refused(
            team.alice, "leader_create_deal", name=[], pipeline_id="x", stage_id={}, amount="much"
        )
        assert said.startswith("Some arguments are invalid.")
        for name in ("name", "pipeline_id", "stage_id", "amount"):
            assert f"\n{name}: Input should be a valid " in said
        assert is_untouched(team)

    def test_of_too_little_and_too_much(self, team: Team) -> None:
        said = refused(team.alice, "leader_create_contact", nickname="M")
        assert "first_name: Field required." in said
        assert "nickname: Extra inputs are not permitted." in said

    def test_of_a_megabyte(self, team: Team) -> None:
        said = refused(team.alice, "leader_create_contact", first_name="x" * 1_000_000)
        assert said == "The arguments have 976 KiB; at most 256 are taken."
        said = refused(team.alice, "leader_create_contact", first_name="x" * 100_000)
        assert said == "first_name: Ensure this field has no more than 255 characters."
        assert is_untouched(team)

    def test_of_text_that_nothing_can_store(self, team: Team) -> None:
        said = refused(team.alice, "leader_create_contact", first_name="a\x00b")
        assert said.startswith("first_name: ")
        said = refused(team.alice, "leader_search_contacts", search="a\x00b")
        assert said.startswith("search: ")
        said = refused(team.alice, "leader_create_contact", first_name="\ud800")
        assert said == "The arguments hold text that is not valid UTF-8."
        assert is_untouched(team)

    @pytest.mark.parametrize(
        "amount", [-1, 1e30, float("inf"), float("nan"), True, "1e999999999", None]
    )
    def test_of_amounts_that_are_none(self, team: Team, amount: Any) -> None:
        own = deal(team, team.alice)
        asked = {"pipeline_id": own["pipeline_id"], "stage_id": own["stage_id"], "amount": amount}
        result = answered(team.alice, "leader_create_deal", {"name": "x", **asked})
        if amount is not True:
            assert result["isError"] is True

    @pytest.mark.parametrize("number", [0, -1, 2**63, 10**30])
    def test_of_ids_that_are_none(self, team: Team, number: int) -> None:
        assert refused(team.alice, "leader_get_deal", deal_id=number)

    @pytest.mark.parametrize("page", [0, -1, 10**20])
    def test_of_pages_that_are_none(self, team: Team, page: int) -> None:
        contact(team.alice)
        assert refused(team.alice, "leader_search_contacts", page=page)

    def test_that_break_us_tell_what_to_quote(self, team: Team) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sales_pipeline RENAME TO sales_gone")
        answer = modern(
            team.alice, "tools/call", {"name": "leader_get_pipeline"}, HTTP_X_REQUEST_ID="me-1"
        )
        result = answer.json()["result"]
        assert result["isError"] is True
        said = "Something went wrong on our side. Quote me-1 to support."
        assert [each["text"] for each in result["content"]] == [said]

    def test_leave_the_next_one_alone(self, team: Team) -> None:
        refused(team.alice, "leader_create_contact", first_name="")
        assert call(team.alice, "leader_search_contacts")["total"] == 0
