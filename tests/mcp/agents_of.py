"""Agents that act for people: plain posts to /mcp, as any program would send them."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import validate

from crm_project.mcp.tools import TOOLS
from tests.people import Person

MODERN, OLDER = "2026-07-28", "2025-11-25"
CLIENT = {"name": "Helper", "version": "1.2"}
META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": CLIENT,
    "io.modelcontextprotocol/clientCapabilities": {},
}
ACCEPT = "application/json, text/event-stream"


def post(person: Person, body: Any, **headers: str) -> Any:
    """Send one body to /mcp as somebody."""
    extra = {"content_type": "application/json", "HTTP_ACCEPT": ACCEPT, **headers}
    return person.client.generic("POST", "/mcp", json.dumps(body), **extra)


def modern(person: Person, method: str, params: dict[str, Any], **headers: str) -> Any:
    """Send a message of today's protocol; the HTTP answer."""
    extra = {"HTTP_MCP_PROTOCOL_VERSION": MODERN, "HTTP_MCP_METHOD": method, **headers}
    if "name" in params or "uri" in params:
        extra["HTTP_MCP_NAME"] = params.get("name") or params["uri"]
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": META}}
    return post(person, body, **extra)


def older(person: Person, method: str, params: dict[str, Any], **headers: str) -> Any:
    """Send a message of the protocol before; the HTTP answer."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    return post(person, body, **{"HTTP_MCP_PROTOCOL_VERSION": OLDER, **headers})


def result_of(answer: Any) -> dict[str, Any]:
    """The result of a message that is no error of the protocol."""
    assert answer.status_code == 200, (answer.status_code, answer.content)
    result: dict[str, Any] = answer.json()["result"]
    return result


def tools(person: Person) -> dict[str, Any]:
    """The tools that somebody's agent is shown, by name."""
    return {each["name"]: each for each in result_of(modern(person, "tools/list", {}))["tools"]}


def call(person: Person, tool: str, /, **arguments: Any) -> dict[str, Any]:
    """What a tool answers. It keeps to its schema, says a few words, and names tools as next that
    there are."""
    result = answered(person, tool, arguments)
    assert not result.get("isError"), result["content"][0]["text"]
    structured: dict[str, Any] = result["structuredContent"]
    validate(structured, TOOLS[tool].listed.output_schema)
    assert result["content"][0]["text"]
    assert set(structured["next"]) <= TOOLS.keys()
    return structured


def refused(person: Person, tool: str, /, **arguments: Any) -> str:
    """Why a tool did not do it."""
    result = answered(person, tool, arguments)
    assert result.get("isError"), result
    text: str = result["content"][0]["text"]
    assert "Traceback" not in text
    return text


def answered(person: Person, tool: str, arguments: Any) -> dict[str, Any]:
    """What a tool answers, good or bad."""
    return result_of(modern(person, "tools/call", {"name": tool, "arguments": arguments}))
