"""Deals for tests, made through the sales API as people make them."""

from __future__ import annotations

from typing import Any

from core.tenancy import tenant_scope
from sales.models import Deal, Pipeline, Stage
from tests.people import Person, Team

DEALS, BOARD = "/api/v1/deals", "/api/v1/deals/board"


def pipeline(team: Team) -> Pipeline:
    """The team's default pipeline."""
    with tenant_scope(team.tenant.pk):
        return Pipeline.objects.get(is_default=True)


def stage(team: Team, name: str = "Propuesta") -> Stage:
    """A stage of it by its name."""
    with tenant_scope(team.tenant.pk):
        return Stage.objects.get(pipeline__is_default=True, name=name)


def another_pipeline(team: Team, name: str = "Renovaciones") -> dict[str, Any]:
    """A second pipeline, as the API shows it."""
    answer = team.ada.post("/api/v1/pipelines", {"name": name})
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def deal(team: Team, person: Person, *, stage_name: str = "Propuesta", **fields: Any) -> Any:
    """A deal that somebody made, as it was answered."""
    where = stage(team, stage_name)
    body = {"name": "ERP", "pipeline_id": where.pipeline_id, "stage_id": where.pk, **fields}
    answer = person.post(DEALS, body)
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def move(person: Person, deal_id: int, stage_id: int, **fields: Any) -> Any:
    """Move a deal; the answer."""
    return person.post(f"{DEALS}/{deal_id}/move-stage", {"stage_id": stage_id, **fields})


def stored(team: Team, pk: int) -> Deal:
    """A deal as it is in the table, deleted or not."""
    with tenant_scope(team.tenant.pk):
        return Deal.all_objects.get(pk=pk)


def names(answer: Any) -> list[str]:
    """The names of the deals on a list's page."""
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


def column(person: Person, stage_id: int, **query: Any) -> list[str]:
    """The names of the deals in a stage of the default board, from the top."""
    answer = person.get(BOARD, query)
    assert answer.status_code == 200, answer.content
    stages = {each["id"]: each for each in answer.json()["data"]["stages"]}
    return [each["name"] for each in stages[stage_id]["deals"]]
