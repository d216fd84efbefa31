"""Agents that act for people: plain posts to /mcp, as any program would send them."""

from __future__ import annotations

from typing import Any

from jsonschema import validate

from tests.people import Person

MODERN = "2026-07-28"
CLIENT = {"name": "Helper", "version": "1.2"}
META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": CLIENT,
    "io.modelcontextprotocol/clientCapabilities": {},
}


def post(person: Person, body: Any, **headers: str) -> Any:
    """Send one body to /mcp as somebody."""
    extra = {"HTTP_ACCEPT": "application/json, text/event-stream", **headers}
    return person.client.post("/mcp", body, format="json", **extra)


def send(person: Person, method: str, params: dict[str, Any], **headers: str) -> Any:
    """Send a message of today's protocol; return its result.

    Fails if it is an error of the protocol.
    """
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": META}}
    extra = {"HTTP_MCP_PROTOCOL_VERSION": MODERN, "HTTP_MCP_METHOD": method, **headers}
    if "name" in params or "uri" in params:
        extra["HTTP_MCP_NAME"] = params.get("name") or params["uri"]
    answer = post(person, body, **extra)
    assert answer.status_code == 200, (answer.status_code, answer.content)
    return answer.json()["result"]


def tools(person: Person) -> dict[str, Any]:
    """The tools that somebody's agent is shown, by name."""
    return {each["name"]: each for each in send(person, "tools/list", {})["tools"]}


def call(person: Person, name: str, **arguments: Any) -> dict[str, Any]:
    """What a tool answers; it must keep to its schema."""
    result = send(person, "tools/call", {"name": name, "arguments": arguments})
    assert not result.get("isError"), result["content"][0]["text"]
    structured: dict[str, Any] = result["structuredContent"]
    from crm_project.mcp.tools import TOOLS

    validate(structured, TOOLS[name].listed.output_schema)
    assert result["content"][0]["text"]
    return structured


def refused(person: Person, name: str, **arguments: Any) -> str:
    """Why a tool did not do it."""
    result = send(person, "tools/call", {"name": name, "arguments": arguments})
    assert result.get("isError"), result
    text: str = result["content"][0]["text"]
    assert "Traceback" not in text
    return text
