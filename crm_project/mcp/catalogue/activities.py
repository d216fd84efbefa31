"""What people are to do."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from crm_project.mcp import answers
from crm_project.mcp.asking import Route
from crm_project.mcp.showing import many, one
from crm_project.mcp.tools import ADDS, READS, Arguments, Repeatable, Result, asked, tool
from crm_project.mcp.visits import Visit
from sales.activities.models import Activity
from sales.activities.subjects import COLUMNS

LIST = Route("GET", "/api/v1/activities")
ADD = Route("POST", "/api/v1/activities")
ABOUT = "What it is about, with its id in activitable_id."


def _among(values: Any, description: str | None = None) -> Any:
    extra: dict[str, Any] = {"enum": list(values)}
    return Field(None, description=description, json_schema_extra=extra)


class ListActivities(Arguments):
    user_id: int | None = Field(None, description="Whose.")
    status: str | None = _among(Activity.Status.values)
    type: str | None = _among(Activity.Type.values)
    activitable_type: str | None = _among(COLUMNS, ABOUT)
    activitable_id: str | int | None = None
    sort: str | None = Field(None, description="Such as due_at, -priority.")
    page: int | None = None
    per_page: int | None = Field(None, description="25 unless you say; at most 100.")


class CreateActivity(Repeatable):
    subject: str
    type: str = Field(json_schema_extra={"enum": list(Activity.Type.values)})
    priority: str | None = _among(Activity.Priority.values)
    status: str | None = _among(Activity.Status.values)
    due_at: str | None = Field(None, description="Such as 2025-04-16T14:00:00Z.")
    notes: str | None = None
    user_id: int | None = Field(None, description="Who is to do it; you, unless you say.")
    activitable_type: str | None = _among(COLUMNS, ABOUT)
    activitable_id: str | int | None = None


@tool(LIST, title="List activities", answers=answers.ActivityPage, effect=READS)
def leader_list_activities(visit: Visit, sent: ListActivities) -> Result:
    """List what people are to do or have done, of what you may see."""
    return many(visit, "activity", asked(visit, LIST, sent), ("leader_create_activity",))


@tool(ADD, title="Create an activity", answers=answers.OneActivity, effect=ADDS)
def leader_create_activity(visit: Visit, sent: CreateActivity) -> Result:
    """Create a task, call, meeting or email to do, about a contact, deal or company."""
    about = {} if sent.activitable_id is None else {"activitable_id": str(sent.activitable_id)}
    row = asked(visit, ADD, sent, **about)["data"]
    return one(visit, "activity", row, ("leader_list_activities",))
