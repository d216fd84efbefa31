"""The leads behind a figure: one page of them, oldest first, and how many there are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from analytics.dashboard.conditions import (
    CLOSING_DAYS,
    COUNTS,
    FIGURES,
    IS_WON,
    WON_AT,
    WON_BY,
    Asked,
    Figure,
    local_day,
)
from analytics.dashboard.labels import tier_label
from analytics.dashboard.names import card_names, person_names
from analytics.leads.models import Lead

Row = dict[str, Any]
OLDEST = "lead.created_at, lead.prospect_id"
COLUMNS = f"""
    lead.prospect_id, lead.record_type, lead.record_id, lead.owner_id, lead.tier,
    lead.category_id, lead.first_shipment_at IS NOT NULL AS has_shipment, lead.has_recharge,
    %(today)s::date - {local_day("lead.created_at")} AS age_days, lead.created_at,
    CASE WHEN {IS_WON} THEN {WON_AT} END AS won_at,
    CASE WHEN {IS_WON} THEN {CLOSING_DAYS} END AS closing_days,
    lead.monthly_shipments, lead.account_value, lead.locale_id
"""


def count_rows(asked: Asked, figure: Figure) -> int:
    """How many leads a figure counts."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_leads(asked, figure)}", asked.params())
        (count,) = cursor.fetchone()
    return int(count)


def read_rows(asked: Asked, figure: Figure, *, today: date, start: int, length: int) -> list[Row]:
    """A page of the leads that a figure counts."""
    sql = f"""
        SELECT {COLUMNS} FROM {_leads(asked, figure)}
        ORDER BY {OLDEST} LIMIT %(length)s OFFSET %(start)s
    """
    params = {**asked.params(), "today": today, "start": start, "length": length}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return _named(found, asked)


def _leads(asked: Asked, figure: Figure) -> str:
    if figure is Figure.CLOSED:
        days = " OR ".join(
            " AND ".join(filter(None, (condition, asked.within(moment))))
            for condition, moment in WON_BY
        )
    else:
        days = asked.created()
    conditions = (COUNTS, FIGURES[figure], days and f"({days})")
    return f"analytics_lead lead WHERE {asked.where(*conditions)}"


def _named(rows: list[Row], asked: Asked) -> list[Row]:
    """Say names instead of ids, as the dashboard does."""
    people = person_names({row["owner_id"] for row in rows})
    cards = card_names([row["prospect_id"] for row in rows])
    for row in rows:
        how_far = (row.pop("category_id"), row.pop("has_shipment"), row["has_recharge"])
        category = asked.stages.categories[how_far[0]]
        row |= {
            "record_type": Lead.RecordType(row["record_type"]).label,
            "name": cards.get(row["prospect_id"], ""),
            "salesman": people.get(row.pop("owner_id"), ""),
            "tier_label": tier_label(row.pop("tier")),
            "stage_name": asked.stages.stage(*how_far),
            "stage_color": category.color,
        }
    return rows
