"""The SDK's own client, over each transport."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from accounts.sessions.services import issue_token, revoke_session
from accounts.sessions.tokens import session_of_access
from core.embedded.options import ROOT
from core.tenancy import tenant_scope
from crm_project.mcp.server import make_server
from crm_project.mcp.stdio import StdioDoorway
from tests.people import PASSWORD, Person, Team
from tests.sales.contacts.contacts_of import contact
from tests.started import clean_environ

AT_ONCE = 40


async def over_http(url: str, token: str, mode: str) -> dict[str, Any]:
    """Connect, look around, and search: what was found."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        door = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(door, mode=mode) as client:
            names = {each.name for each in (await client.list_tools()).tools}
            assert "leader_search_contacts" in names
            found = await client.call_tool("leader_search_contacts", {"search": "maria"})
            resources = (await client.list_resources()).resources
            assert [str(each.uri) for each in resources] == ["crm://pipelines", "crm://catalogs"]
            bad = await client.call_tool("leader_get_contact", {"contact_id": 1})
            assert (bad.is_error, bad.content[0].text) == (True, "Not found.")
            assert not found.is_error
            return dict(found.structured_content or {})


@pytest.mark.django_db(transaction=True)
class TestOverHttp:
    def test_is_understood_by_both_protocols_and_by_many_at_once(
        self, team: Team, live_server: Any
    ) -> None:
        maria = contact(team.alice)

        def search(mode: str) -> list[int]:
            found = asyncio.run(over_http(live_server.url, team.alice.token, mode))
            return [each["id"] for each in found["contacts"]]

        modes = ["auto", "legacy"] * (AT_ONCE // 2)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            assert list(pool.map(search, modes)) == [[maria["id"]]] * AT_ONCE


@pytest.fixture
def doorway(team: Team) -> StdioDoorway:
    """The door of `manage.py mcp`, open for nobody yet."""
    return StdioDoorway("")


async def texts(client: Client, *calls: tuple[str, dict[str, Any]]) -> list[str]:
    """What tools say, one after the other."""
    return [(await client.call_tool(name, sent)).content[0].text for name, sent in calls]


class TestStdioDoor:
    @pytest.mark.parametrize("mode", ["auto", "legacy"])
    def test_lets_in_who_signs_in(self, team: Team, doorway: StdioDoorway, mode: str) -> None:
        async def visit() -> list[str]:
            async with Client(make_server(doorway), mode=mode) as client:
                before = [each.name for each in (await client.list_tools()).tools]
                assert before == ["leader_authenticate"]
                said = await texts(
                    client,
                    ("leader_whoami", {}),
                    ("leader_authenticate", {"email": "alice@acme.test", "password": PASSWORD}),
                    ("leader_whoami", {}),
                )
                assert len((await client.list_tools(cursor=None)).tools) > 10
                return said

        first, signed_in, last = async_to_sync(visit)()
        assert first.startswith("You are not signed in")
        assert signed_in == "Signed in as Alice Sales of Acme."
        assert last == "Alice Sales (sales) of Acme"

    def test_closes_with_the_session(self, team: Team, doorway: StdioDoorway) -> None:
        doorway.sign_in(team.alice.token)
        revoke = self._revoke

        async def visit() -> list[str]:
            async with Client(make_server(doorway)) as client:
                said = await texts(client, ("leader_whoami", {}))
                await doorway.aside(lambda: revoke(team, team.alice))
                return said + await texts(client, ("leader_create_contact", {"first_name": "x"}))

        first, last = async_to_sync(visit)()
        assert first == "Alice Sales (sales) of Acme"
        assert last.startswith("You are not signed in, or not any more")

    def _revoke(self, team: Team, person: Person) -> None:
        session = session_of_access(person.token)
        assert session
        with tenant_scope(team.tenant.pk):
            revoke_session(session_id=session, at=timezone.now())

    def test_counts_calls(self, team: Team, doorway: StdioDoorway, settings: Any) -> None:
        settings.CRM_MCP_MESSAGES_PER_MINUTE = 1
        doorway.sign_in(team.victor.token)

        async def visit() -> list[str]:
            async with Client(make_server(doorway)) as client:
                return await texts(client, *[("leader_whoami", {})] * 60)

        said = async_to_sync(visit)()
        assert any(each.startswith("Request was throttled.") for each in said)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestTheCommand:
    def test_serves_with_one_connection_and_says_nothing_else(self, team: Team) -> None:
        with tenant_scope(team.tenant.pk):
            token = issue_token(user=team.alice.user, name="agent", days=1, at=timezone.now())
            contact(team.alice)
        environ = {
            "CRM_MCP_TOKEN": token,
            "CRM_SECRET_KEY": django_settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
            "DATABASE_URL": _url_of_test_database(),
            "REDIS_URL": django_settings.REDIS_URL,
        }
        command = StdioServerParameters(
            command=sys.executable,
            args=[str(ROOT / "manage.py"), "mcp"],
            env=clean_environ(**environ),
        )

        async def visit() -> tuple[list[str], int]:
            before = await asyncio.to_thread(_connections)
            async with Client(stdio_client(command)) as client:
                said = await texts(client, *[("leader_search_contacts", {})] * 20)
                return said, await asyncio.to_thread(_connections) - before

        said, used = asyncio.run(visit())
        assert all(each.startswith("1 of 1 contacts\n") for each in said)
        assert used == 1


def _url_of_test_database() -> str:
    of = connection.settings_dict
    return f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"


def _connections() -> int:
    """How many connections to this database others have than this thread."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return int(cursor.fetchone()[0])
    finally:
        connection.close()
