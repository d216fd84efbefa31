"""Messages over standard input and output, of one agent on the same machine.

Tools run in the command's own thread, one after the other, on its one database connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import close_old_connections, connection
from mcp.server import NotificationOptions, Server
from mcp.server.stdio import stdio_server

from crm_project.mcp.server import make_server
from crm_project.mcp.visits import Visit, agent_name, caller_by

SIGN_IN = "leader_authenticate"
# What questions to the API come from; sign-ins are counted by it.
HERE = {
    "REMOTE_ADDR": "127.0.0.1",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_USER_AGENT": "MCP over stdio",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.url_scheme": "http",
}


class StdioDoorway:
    """Acts for whoever the token is of; that it is still good is asked with each message."""

    def __init__(self, token: str) -> None:
        self.token = token

    def visit(self, ctx: Any) -> Visit:
        user, session_id = caller_by(self.token)
        client = ctx.session.client_params
        return Visit(
            user=user,
            session_id=session_id,
            base_url=settings.CRM_PUBLIC_URL,
            environ=dict(HERE),
            agent=agent_name(client.client_info) if client else "",
            sign_in=self.sign_in,
            is_counted=False,
        )

    def sign_in(self, token: str) -> None:
        self.token = token

    async def aside(self, work: Callable[[], Any]) -> Any:
        return await sync_to_async(_refreshed, thread_sensitive=True)(work)

    async def after(self, ctx: Any, tool: str) -> None:
        """Who has signed in has other tools than before."""
        if tool == SIGN_IN:
            await ctx.session.send_tool_list_changed()


def _refreshed(work: Callable[[], Any]) -> Any:
    """Do it with a connection that works, as requests do: agents may be idle for days."""
    if not connection.in_atomic_block:  # as tests are
        close_old_connections()
    return work()


def serve_stdio(token: str) -> None:
    """Answer messages until the input ends."""
    server = make_server(StdioDoorway(token))
    async_to_sync(_serve)(server)


async def _serve(server: Server[Any]) -> None:
    options = server.create_initialization_options(NotificationOptions(tools_changed=True))
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, options)
