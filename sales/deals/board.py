"""The board of a pipeline: every stage with its first deals and its sums."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from django.core.exceptions import EmptyResultSet

from core.errors import NotFound
from core.kept_plans import fetch_kept
from core.rights import ALL_PROSPECTS
from core.tenancy import current_tenant
from prospects.board.rows import fetch
from sales.deals.querysets import seen_sql
from sales.pipelines.models import Pipeline, Stage

COLUMNS = """
    d.id, d.name, d.amount, d.currency, d.probability,
    round(d.amount * d.probability / 100, 2) AS weighted_amount, d.status, d.pipeline_id,
    d.stage_id, s.name AS stage_name, d.owner_id, owner.name AS owner_name,
    d.expected_close_date, d.closed_at, d.lost_reason, d.created_at, d.updated_at
"""
# Everybody's deals: the first ones of each stage, by the index of their order.
OF_ALL = f"""
    SELECT {COLUMNS}
    FROM sales_stage s
    CROSS JOIN LATERAL (
        SELECT d.* FROM sales_deal d
        WHERE d.stage_id = s.id AND d.deleted_at IS NULL ORDER BY d.rank LIMIT %(most)s::int
    ) AS d
    LEFT JOIN accounts_user owner ON owner.id = d.owner_id
    WHERE s.pipeline_id = %(pipeline)s AND s.tenant_id = %(tenant)s
    ORDER BY s.id, d.rank
"""
# A seller's deals: found first, for a stage may hold very many of others.
OF_SELLER = f"""
    SELECT {COLUMNS}
    FROM (
        SELECT mine.*, row_number() OVER (PARTITION BY mine.stage_id ORDER BY mine.rank) AS place
        FROM sales_deal mine
        WHERE mine.pipeline_id = %(pipeline)s AND mine.deleted_at IS NULL
          AND mine.id IN ({{seen}})
    ) AS d
    JOIN sales_stage s ON s.id = d.stage_id
    LEFT JOIN accounts_user owner ON owner.id = d.owner_id
    WHERE d.place <= %(most)s::int
    ORDER BY s.id, d.rank
"""
# Grouped by probability first: a multiplication for each group, not for each deal.
SUMS = """
    SELECT stage_id, currency, sum(deals)::bigint AS count, sum(amount) AS amount,
           round(sum(amount * probability) / 100, 2) AS weighted_amount
    FROM (
        SELECT stage_id, currency, probability, count(*) AS deals, sum(amount) AS amount
        FROM sales_deal
        WHERE pipeline_id = %(pipeline)s AND deleted_at IS NULL {seen}
        GROUP BY stage_id, currency, probability
    ) AS alike
    GROUP BY stage_id, currency ORDER BY stage_id, currency
"""
Rows = list[dict[str, Any]]


def read_board(
    user: Any, *, pipeline_id: int | None, most: int, only: Any = None
) -> dict[str, Any]:
    """Return a pipeline with its stages, each with count, sums by currency and its first deals.

    :param user: whose deals count, by what they may see.
    :param pipeline_id: None stands for the default pipeline.
    :param most: how many deals of each stage.
    :param only: a queryset of the deals that count; None: all that they see.
    :raises NotFound: there is no such pipeline.
    """
    pipeline, stages = _pipeline(pipeline_id)
    params = {"pipeline": pipeline["id"], "tenant": current_tenant(), "most": most}
    if only is not None:
        deals, sums = _of_some(only, params)
    elif user.has_perm(ALL_PROSPECTS):
        deals, sums = fetch_kept(OF_ALL, params), fetch_kept(SUMS.format(seen=""), params)
    else:
        deals, sums = _of_seller(user, params)
    return {**pipeline, "stages": _filled(stages, _by_stage(deals), _by_stage(sums))}


def _pipeline(pipeline_id: int | None) -> tuple[dict[str, Any], Rows]:
    wanted = {"is_default": True} if pipeline_id is None else {"pk": pipeline_id}
    columns = ("id", "name", "kind", "color", "default_probability", "pipeline__name")
    pipelines = Pipeline.objects.filter(**wanted).values("pk")
    found = Stage.objects.filter(pipeline__in=pipelines).in_order()
    stages = list(found.values(*columns, "pipeline_id"))
    if stages:
        return {"id": stages[0]["pipeline_id"], "name": stages[0]["pipeline__name"]}, stages
    empty = Pipeline.objects.filter(**wanted).values("id", "name").first()
    if empty is None:
        raise NotFound("There is no such pipeline.")
    return empty, []


def _of_seller(user: Any, params: dict[str, Any]) -> tuple[Rows, Rows]:
    seen = seen_sql(user).format(tenant="%(tenant)s", user="%(user)s")
    return (
        fetch(OF_SELLER.format(seen=seen), {**params, "user": user.pk}),
        fetch(SUMS.format(seen=f"AND id IN ({seen})"), {**params, "user": user.pk}),
    )


def _of_some(some: Any, params: dict[str, Any]) -> tuple[Rows, Rows]:
    try:
        sql, given = some.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # the filters contradict each other
        return [], []
    numbers = iter(range(len(given)))
    sql = re.sub(r"%s", lambda _: f"%(only_{next(numbers)})s", sql)
    params = params | {f"only_{number}": value for number, value in enumerate(given)}
    return (
        fetch(OF_SELLER.format(seen=sql), params),
        fetch(SUMS.format(seen=f"AND id IN ({sql})"), params),
    )


def _by_stage(rows: Rows) -> dict[int, Rows]:
    found: dict[int, Rows] = defaultdict(list)
    for row in rows:
        found[row["stage_id"]].append(row)
    return found


def _filled(stages: Rows, deals: dict[int, Rows], sums: dict[int, Rows]) -> Rows:
    return [
        {
            "id": stage["id"],
            "name": stage["name"],
            "type": stage["kind"],
            "color": stage["color"],
            "default_probability": stage["default_probability"],
            "count": sum(each["count"] for each in sums.get(stage["id"], ())),
            "totals": [
                {name: value for name, value in each.items() if name != "stage_id"}
                for each in sums.get(stage["id"], ())
            ],
            "deals": deals.get(stage["id"], []),
        }
        for stage in stages
    ]
