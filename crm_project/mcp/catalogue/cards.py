"""The board of prospects, and what was said to whom."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field

from crm_project.mcp import answers
from crm_project.mcp.asking import Route
from crm_project.mcp.rows import Card
from crm_project.mcp.showing import line_of, page_of, with_page
from crm_project.mcp.tools import ADDS, READS, Arguments, Result, asked, next_tools, tool
from crm_project.mcp.visits import Visit
from prospects.board.filters import SOURCES
from prospects.followups.models import FollowUpNote

BOARD = Route("GET", "/prospects/grouped")
LOG = Route("POST", "/prospects/{prospect_id}/notes")
THEN = ("leader_log_follow_up", "leader_search")


class ReadBoard(Arguments):
    search: str | None = Field(None, description="Part of a company, name, email or phone.")
    source: str | None = Field(
        None,
        description="company (prospects and clients, unless you say) or partner.",
        json_schema_extra={"enum": list(SOURCES)},
    )
    category: int | None = Field(None, description="The id of a category; all, unless you say.")
    salesman: int | None = Field(None, description="Whose cards; for who sees all of them.")
    start: int | None = Field(None, description="Leave out so many cards of each category.")
    length: int | None = Field(None, description="Cards of each category: 25, at most 100.")


class LogFollowUp(Arguments):
    prospect_id: int = Field(validation_alias=AliasChoices("prospect_id", "id"))
    note: str = Field(description="What was said, or is to be done.")
    action: str | None = Field(None, json_schema_extra={"enum": list(FollowUpNote.Action.values)})
    scheduled_date: str | None = Field(
        None, description="When to come back to them, such as 2025-04-16T14:00:00Z."
    )
    follow: int | None = Field(None, description="The id of the category to move the card to.")


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    """Of a card what agents choose by: there may be hundreds."""
    return {name: row[name] for name in Card.model_fields if name in row}


@tool(BOARD, title="Read the board of prospects", answers=answers.Board, effect=READS)
def leader_prospect_board(visit: Visit, sent: ReadBoard) -> Result:
    """Read the board: each follow-up category with its number of cards and the first of them."""
    answer = asked(visit, BOARD, sent, counters="true")
    columns = [
        {**column, "records": [with_page(visit, "card", _brief(row)) for row in column["records"]]}
        for column in answer["categories"]
    ]
    lines = [f"{each['label']} ({each['id']}): {each['count']}" for each in columns]
    lines += [line_of("card", row) for column in columns for row in column["records"]]
    total = sum(each["count"] for each in columns)
    then = next_tools(visit.user, THEN)
    structured = {"total": total, "categories": columns, "next": then}
    return Result(structured, "\n".join([f"{total} cards", *lines]))


@tool(LOG, title="Log a follow-up", answers=answers.LoggedNote, effect=ADDS)
def leader_log_follow_up(visit: Visit, sent: LogFollowUp) -> Result:
    """Write down what was said to a prospect or client and when to come back to them; `follow`
    moves the card on the board."""
    note = asked(visit, LOG, sent)
    url = visit.link(page_of("card", sent.prospect_id))
    then = next_tools(visit.user, THEN)
    structured = {"note": note, "prospect_id": sent.prospect_id, "url": url, "next": then}
    return Result(structured, f"Noted on card {sent.prospect_id}: {note['note'][:200]}\n{url}")
