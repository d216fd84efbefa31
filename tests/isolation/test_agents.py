"""Every tool for agents, with rows named that are not there for who asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from crm_project.mcp.calls import TOOLS
from tests.isolation.asking import Answer
from tests.isolation.bodies import TYPES
from tests.isolation.named import HIDDEN, as_bob, row_of
from tests.isolation.stores import contents_of
from tests.isolation.world import UNKNOWN, World, undone
from tests.mcp.agents_of import answered
from tests.people import Person, Team
from tests.sales.documents.documents_of import HOURS

# Of what an argument names a row.
NAMES = {
    "prospect_id": "prospect",
    "contact_id": "contact",
    "contact_ids": "contact",
    "company_id": "client",
    "deal_id": "deal",
    "quote_id": "quote",
    "invoice_id": "sent_invoice",
    "pipeline_id": "only_pipeline",
    "stage_id": "first_stage",
    "owner_id": "person",
    "user_id": "person",
    "salesman": "person",
    "category": "category",
    "follow": "category",
    "activitable_id": "contact",
}
NUMBERS = {"page", "per_page", "start", "length", "position", "probability"}
# Of which another row than NAMES says can be done to.
FITTING = {
    ("leader_approve_quote", "quote_id"): "sent_quote",
    ("leader_create_invoice", "quote_id"): "approved_quote",
    ("leader_send_invoice", "invoice_id"): "invoice",
}
# What a tool needs besides; rows of NAMES are filled in.
NEEDED: dict[str, dict[str, Any]] = {
    "leader_create_activity": {"subject": "New", "type": "task"},
    "leader_log_follow_up": {"note": "Hi"},
    "leader_create_deal": {"name": "New"},
    "leader_create_quote": {"items": [HOURS]},
    "leader_create_invoice": {"items": [HOURS]},
    "leader_record_payment": {"amount": 1},
    "leader_create_contact": {"first_name": "New"},
}
NEEDED_ROWS = {"leader_create_invoice": ("contact_id",)}  # beside those that its schema requires
LISTS = {name for name, tool in TOOLS.items() if tool.effect.is_read_only}


def arguments(tool: str) -> dict[str, Any]:
    """The arguments of a tool as they are listed."""
    return dict(TOOLS[tool].listed.input_schema["properties"])


def naming_rows() -> list[tuple[str, str, str]]:
    """Each tool with each of its arguments that names a row, and of what."""
    return [
        (tool, name, FITTING.get((tool, name), NAMES[name]))
        for tool in TOOLS
        for name in arguments(tool)
        if name in NAMES
    ]


def wrongs(
    who: Person, team: Team, rows: Any, tried: tuple[str, str, str], other: Any
) -> Iterator[str]:
    """Yield in words what a tool answers otherwise than of an unknown row."""
    tool, name, kind = tried
    listed = TOOLS[tool].listed.input_schema
    needed = (*listed.get("required", ()), *NEEDED_ROWS.get(tool, ()))
    kinds = {each: FITTING.get((tool, each), NAMES[each]) for each in needed if each in NAMES}
    base = {each: row_of(of, team, rows) for each, of in kinds.items()}

    def call(row: Any) -> Answer:
        sent = {**NEEDED.get(tool, {}), **base, name: [row] if name.endswith("s") else row}
        if name == "activitable_id":
            sent["activitable_type"] = TYPES[kind]
        with undone():
            result = answered(who, tool, sent)
        said = json.dumps(result, sort_keys=True).encode()
        return Answer(400 if result.get("isError") else 200, said)

    told = f"{tool} {name}"
    if (own := call(base.get(name) or row_of(kind, team, rows))).status != 200:
        yield f"{told} refuses a row of one's own: {own}"
    theirs, unknown = call(other).about(other), call(UNKNOWN).about(UNKNOWN)
    if theirs != unknown:
        yield f"{told}: {theirs}, of an unknown row {unknown}"
    if theirs.status == 200 and tool not in LISTS:
        yield f"{told} takes another's row: {theirs}"


class TestEveryTool:
    def test_tells_what_its_numbers_and_ids_are(self) -> None:
        may_name = {
            name
            for tool in TOOLS
            for name, each in arguments(tool).items()
            if '"integer"' in json.dumps(each) or name.endswith(("_id", "_ids"))
        }
        assert may_name - {"custom_fields"} == {*NAMES, *NUMBERS}

    def test_finds_no_row_of_another_tenant(self, world: World) -> None:
        before = contents_of(world.acme.tenant.pk)
        found: list[str] = []
        for tried in naming_rows():
            with undone():
                theirs = row_of(tried[2], world.acme, world.theirs)
                found += wrongs(world.us.ada, world.us, world.ours, tried, theirs)
        assert not found, "\n".join(found)
        assert contents_of(world.acme.tenant.pk) == before

    def test_finds_no_row_that_a_colleague_hides(self, world: World) -> None:
        found: list[str] = []
        bob = as_bob(world.us)
        for tried in naming_rows():
            if tried[2] in HIDDEN and TOOLS[tried[0]].is_for(world.us.bob.user):
                with undone():
                    hers = row_of(tried[2], world.us, world.ours)
                    found += wrongs(world.us.bob, bob, {}, tried, hers)
        assert not found, "\n".join(found)

    def test_finds_no_row_that_was_deleted(self, world: World) -> None:
        found: list[str] = []
        for tried in naming_rows():
            if tried[2] in world.deleted:
                with undone():
                    gone = world.deleted[tried[2]]
                    found += wrongs(world.us.ada, world.us, world.ours, tried, gone)
        assert not found, "\n".join(found)
