"""What agents' calls cost beside the same questions to the API.

The product that is measured is started with CRM_MCP_MESSAGES_PER_MINUTE=100000.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson

from benchmarks.bench import Bench, Caller
from benchmarks.doors import Door
from benchmarks.measure import Bare, Contest
from core.embedded.errors import EmbeddedError

CALLS = (
    "`POST /mcp`, `tools/call` of today's protocol: at most 1.5 × the same call of the API, by the "
    "same caller, each on one connection. Beside it, not counted, the protocol of 2025. Then 40 "
    "calls at once, each on a connection of its own: none fails."
)
AT_ONCE = 40
SUBJECT = "Llamada de prueba de un agente"
MODERN, OLDER = "2026-07-28", "2025-11-25"
META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": {"name": "benchmarks", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}
CONTACT = """
    SELECT c.id FROM prospects_contact c JOIN prospects_prospect p ON p.id = c.prospect_id
    WHERE c.deleted_at IS NULL AND {where} ORDER BY c.id LIMIT 1
"""


class Call(NamedTuple):
    """A tool, what is sent to it, and the same of the API."""

    tool: str
    sent: dict[str, Any]
    method: str
    path: str
    query: dict[str, Any]


def called(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        for each in _calls(bench, caller):
            yield _contest(bench, caller, each)


def _calls(bench: Bench, caller: Caller) -> Iterator[Call]:
    sql = CONTACT.format(where=bench.where(caller))
    contact = bench.rows(sql, bench.params(caller))[0][0]
    search = {"search": "garcia", "per_page": 25}
    yield Call("leader_search_contacts", search, "GET", "/api/v1/contacts", search)
    one = {"contact_id": contact}
    yield Call("leader_get_contact", one, "GET", f"/api/v1/contacts/{contact}", {})
    yield Call("leader_get_pipeline", {}, "GET", "/api/v1/pipelines", {})
    board = {"length": 25}
    counted = {**board, "counters": "true"}
    yield Call("leader_prospect_board", board, "GET", "/prospects/grouped", counted)
    todo = {"subject": SUBJECT, "type": "call"}
    yield Call("leader_create_activity", todo, "POST", "/api/v1/activities", todo)


def _contest(bench: Bench, caller: Caller, call: Call) -> Contest:
    url = caller.door.url
    door = _door(url, caller.door.headers["Authorization"], call.tool, MODERN)
    older = _door(url, caller.door.headers["Authorization"], call.tool, OLDER)

    def api(number: int) -> bytes:
        if call.method == "GET":
            path = f"{call.path}?{urlencode(call.query)}" if call.query else call.path
            return caller.door.send("GET", path)
        return caller.door.send(call.method, call.path, call.query)

    return Contest(
        call.tool,
        caller.label,
        lambda number: ask(door, call, MODERN),
        [Bare("API", 1.5, api), Bare("2025's protocol", 0, lambda number: ask(older, call, OLDER))],
        remarks=lambda: _many_at_once(bench, door, call),
    )


def _door(url: str, authorization: str, tool: str, version: str) -> Door:
    door = Door(url)
    door.headers |= {
        "Authorization": authorization,
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": version,
    }
    if version == MODERN:
        door.headers |= {"Mcp-Method": "tools/call", "Mcp-Name": tool}
    return door


def ask(door: Door, call: Call, version: str) -> None:
    """Call a tool.

    :raises EmbeddedError: it does not answer well.
    """
    params = {"name": call.tool, "arguments": call.sent}
    if version == MODERN:
        params["_meta"] = META
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    answer = door.send("POST", "/mcp", body)
    if b'"structuredContent"' not in answer:
        raise EmbeddedError(f"{call.tool}: {orjson.loads(answer)}")


def _many_at_once(bench: Bench, door: Door, call: Call) -> list[str]:
    """Call from many places; then clear up, for this contest is over."""
    doors = [
        _door(door.url, door.headers["Authorization"], call.tool, MODERN) for _ in range(AT_ONCE)
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda each: ask(each, call, MODERN), doors))
    _remove_activities(bench)
    return [f"{AT_ONCE} at once: none failed"]


def _remove_activities(bench: Bench) -> None:
    sql = "DELETE FROM sales_activity WHERE tenant_id = %s AND subject = %s"
    bench.database.execute(sql, [bench.tenant_id, SUBJECT])
