"""Pipelines and deals."""

from __future__ import annotations

from pydantic import AliasChoices, Field

from crm_project.mcp import answers
from crm_project.mcp.asking import Route
from crm_project.mcp.showing import line_of, many, one, with_page
from crm_project.mcp.tools import (
    ADDS,
    CHANGES,
    DELETES,
    READS,
    Arguments,
    Rehearsable,
    Repeatable,
    Result,
    asked,
    next_tools,
    tool,
)
from crm_project.mcp.visits import Visit
from sales.deals.models import Deal

PIPELINES = Route("GET", "/api/v1/pipelines")
LIST = Route("GET", "/api/v1/deals")
ONE = Route("GET", "/api/v1/deals/{deal_id}")
ADD = Route("POST", "/api/v1/deals")
MOVE = Route("POST", "/api/v1/deals/{deal_id}/move-stage")
REMOVE = Route("DELETE", "/api/v1/deals/{deal_id}")
THEN = ("leader_move_deal_stage", "leader_create_activity", "leader_create_quote")


def _id() -> int:
    number: int = Field(validation_alias=AliasChoices("deal_id", "id"))
    return number


class Nothing(Arguments):
    pass


class ListDeals(Arguments):
    search: str | None = Field(None, description="Part of the name.")
    pipeline_id: int | None = None
    stage_id: int | None = None
    owner_id: int | None = None
    status: str | None = Field(None, json_schema_extra={"enum": list(Deal.Status.values)})
    contact_id: int | None = None
    company_id: int | None = None
    sort: str | None = Field(None, description="Such as -amount, expected_close_date.")
    page: int | None = None
    per_page: int | None = Field(None, description="25 unless you say; at most 100.")


class GetDeal(Arguments):
    deal_id: int = _id()


class CreateDeal(Repeatable):
    name: str
    pipeline_id: int = Field(description="Ask leader_get_pipeline.")
    stage_id: int
    amount: float | None = None
    currency: str | None = Field(None, description="Three letters, such as MXN.")
    probability: int | None = Field(None, description="The stage's, unless you say; 0 to 100.")
    expected_close_date: str | None = Field(None, description="YYYY-MM-DD.")
    owner_id: int | None = Field(None, description="You, unless you say.")
    contact_ids: list[int] | None = None


class MoveDeal(Arguments):
    deal_id: int = _id()
    stage_id: int = Field(description="A stage of the deal's pipeline.")
    position: int | None = Field(None, description="Below so many deals; on top unless you say.")
    lost_reason: str | None = Field(None, description="Why, for a stage where deals are lost.")
    closed_at: str | None = Field(None, description="When it was won or lost, if not now.")


class DeleteDeal(Rehearsable):
    deal_id: int = _id()


@tool(PIPELINES, title="Read the pipelines", answers=answers.Pipelines, effect=READS)
def leader_get_pipeline(visit: Visit, sent: Nothing) -> Result:
    """Read all pipelines with their stages. Deals are created in a stage, and moved to one."""
    rows = [with_page(visit, "pipeline", row) for row in asked(visit, PIPELINES, sent)["data"]]
    then = next_tools(visit.user, ("leader_create_deal", "leader_list_deals"))
    text = "\n".join(line_of("pipeline", row) for row in rows)
    return Result({"pipelines": rows, "next": then}, text)


@tool(LIST, title="List deals", answers=answers.DealPage, effect=READS)
def leader_list_deals(visit: Visit, sent: ListDeals) -> Result:
    """List deals, by pipeline, stage, state, owner, contact or company."""
    return many(visit, "deal", asked(visit, LIST, sent), ("leader_get_deal", *THEN))


@tool(ONE, title="Read a deal", answers=answers.OneDeal, effect=READS)
def leader_get_deal(visit: Visit, sent: GetDeal) -> Result:
    """Read one deal whole: with its contacts and the stages that it stood in."""
    return one(visit, "deal", asked(visit, ONE, sent)["data"], THEN)


@tool(ADD, title="Create a deal", answers=answers.OneDeal, effect=ADDS)
def leader_create_deal(visit: Visit, sent: CreateDeal) -> Result:
    """Create a deal in a stage of a pipeline, about some contacts."""
    return one(visit, "deal", asked(visit, ADD, sent)["data"], ("leader_get_deal", *THEN))


@tool(MOVE, title="Move a deal to a stage", answers=answers.OneDeal, effect=CHANGES)
def leader_move_deal_stage(visit: Visit, sent: MoveDeal) -> Result:
    """Move a deal to another stage of its pipeline. A stage that wins or loses closes it."""
    return one(visit, "deal", asked(visit, MOVE, sent)["data"], THEN)


@tool(REMOVE, title="Delete a deal", answers=answers.Deleted, effect=DELETES)
def leader_delete_deal(visit: Visit, sent: DeleteDeal) -> Result:
    """Delete a deal. People can restore it in the back office."""
    message = asked(visit, REMOVE, sent)["message"]
    then = next_tools(visit.user, ("leader_list_deals",))
    return Result({"message": message, "next": then}, message)
