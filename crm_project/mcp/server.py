"""The SDK's server: what is asked over whatever transport, handed to tools and resources."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import mcp_types as types
from mcp.server import Server
from mcp.shared.exceptions import MCPError

from crm_project.mcp.asking import Refused
from crm_project.mcp.calls import call_tool
from crm_project.mcp.resources import read_resource, shown_resources
from crm_project.mcp.tools import shown_tools
from crm_project.mcp.visits import Visit

VERSION = "1.0.0"
INSTRUCTIONS = (
    "A CRM: people, companies, the board of prospects, deals, quotes, invoices, payments and "
    "activities of one tenant. Search before you create. Ask leader_get_pipeline (or read "
    "crm://pipelines) for the ids of stages and crm://catalogs for those of follow-up categories. "
    "What leaves the house or cannot be taken back takes dry_run: try that first and show people "
    "what would happen. Every answer names what may be done next, and rows have the address of "
    "their page for people."
)


class Doorway(Protocol):
    """How a transport lets messages in."""

    def visit(self, ctx: Any) -> Visit:
        """Who sent the message that is handled; asks the database."""

    async def aside(self, work: Callable[[], Any]) -> Any:
        """Do something that asks the database, where that is allowed."""

    async def after(self, ctx: Any, tool: str) -> None:
        """Tell the agent what a call has changed for it."""


def make_server(doorway: Doorway) -> Server[Any]:
    """Return a server whose messages come in by a doorway."""

    def within(work: Callable[[Visit], Any], ctx: Any) -> Awaitable[Any]:
        return doorway.aside(lambda: work(doorway.visit(ctx)))

    async def list_tools(ctx: Any, params: Any) -> types.ListToolsResult:
        shown = await within(lambda visit: shown_tools(visit.user), ctx)
        return types.ListToolsResult(tools=[each.listed for each in shown])

    async def call(ctx: Any, params: types.CallToolRequestParams) -> Any:
        arguments = params.arguments or {}
        result = await within(lambda visit: call_tool(visit, params.name, arguments), ctx)
        await doorway.after(ctx, params.name)
        return result

    async def list_resources(ctx: Any, params: Any) -> types.ListResourcesResult:
        shown = await within(lambda visit: shown_resources(visit.user), ctx)
        return types.ListResourcesResult(resources=shown)

    async def read(ctx: Any, params: types.ReadResourceRequestParams) -> Any:
        try:
            return await within(lambda visit: read_resource(visit, str(params.uri)), ctx)
        except Refused as refusal:
            raise MCPError(code=types.INVALID_PARAMS, message=refusal.message) from None

    return Server(
        "leader-crm",
        version=VERSION,
        title="Leader CRM",
        instructions=INSTRUCTIONS,
        get_tool_input_schema=lambda name: None,  # no argument travels as a header
        on_list_tools=list_tools,
        on_call_tool=call,
        on_list_resources=list_resources,
        on_read_resource=read,
    )
