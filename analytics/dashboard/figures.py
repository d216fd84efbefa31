"""What the dashboard asks of the leads: one statement, so that all figures tell of one moment.

The leads that filters leave are scanned once and grouped by everything that figures tell apart; the
groups, which are few, are grouped again for each chart. (GROUPING SETS over the leads themselves
take eight times as long.) All leads make so many groups that two scans, each by less, are quicker.
Kinds, rates and names are joined afterwards: see payload.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from analytics.dashboard.conditions import (
    CLOSING_DAYS,
    COUNTS,
    IN_OPEN_CATEGORY,
    IS_WON,
    WON_BY,
    Asked,
    local_day,
)
from analytics.dashboard.stages import LOST, WON

MOST_ACTIVE = 100


class Place(NamedTuple):
    """Leads by country, product and category, with their sums."""

    content_id: int | None
    locale_id: int | None
    category_id: int
    leads: int
    shipments: int
    value: Decimal


class Step(NamedTuple):
    """Leads by how far they are and whose, or of which tier."""

    key: int | None  # the owner, or the tier
    category_id: int
    has_shipment: bool
    has_recharge: bool
    leads: int


class Active(NamedTuple):
    """An old lead of the table: ids and what its stage follows from."""

    prospect_id: int
    record_type: int
    record_id: int
    owner_id: int | None
    tier: int | None
    category_id: int
    has_shipment: bool
    has_recharge: bool
    age_days: int


@dataclass(frozen=True)
class Figures:
    """The answer, still in ids."""

    by_owner: list[Step]
    by_tier: list[Step]
    by_place: list[Place]
    previous: list[Place]
    closed: int
    closing_days: int  # of all closed leads together
    executives: list[int]
    active: list[Active]


def read_figures(asked: Asked, *, today: Any) -> Figures:
    """Ask the leads."""
    with connection.cursor() as cursor:
        cursor.execute(statement(asked), {**asked.params(), "today": today, "most": MOST_ACTIVE})
        (answer,) = cursor.fetchone()
    found = json.loads(answer, parse_float=Decimal)
    closed, closing_days = found["closed"]
    return Figures(
        by_owner=[Step(*row) for row in found["owners"] or ()],
        by_tier=[Step(*row) for row in found["tiers"] or ()],
        by_place=[_place(row) for row in found["places"] or ()],
        previous=[_place(row) for row in found["previous"] or ()],
        closed=closed,
        closing_days=closing_days,
        executives=found["executives"] or [],
        active=[Active(*row) for row in found["active"] or ()],
    )


def _place(row: list[Any]) -> Place:
    content_id, locale_id, category_id, leads, shipments, value = row
    return Place(
        content_id, locale_id, category_id, leads, int(shipments or 0), Decimal(value or 0)
    )


SUMS = """
    count(*) AS leads, sum(lead.monthly_shipments) AS shipments, sum(lead.account_value) AS value
"""
DAYS = f"sum({CLOSING_DAYS}) FILTER (WHERE {IS_WON}) AS closing_days"
STEP_KEYS = (
    "lead.owner_id, lead.tier, lead.category_id, lead.first_shipment_at IS NOT NULL "
    "AS has_shipment, lead.has_recharge"
)
STEP = "category_id, has_shipment, has_recharge"
PLACE = "content_id, locale_id, category_id"
OLDEST = "created_at, prospect_id"
# So many open leads are near at hand by their age; fewer are found by what they have in common.
MANY = 1000


def statement(asked: Asked) -> str:
    """Return the SQL, which answers one JSON object."""
    return f"""
    WITH {_steps_and_spots(asked)},
    waiting AS MATERIALIZED (SELECT coalesce(sum(leads), 0) AS leads FROM steps AS lead
        WHERE {_still(asked, "NOT has_shipment")})
    SELECT jsonb_build_object(
        'owners', {_steps_by("owner_id")},
        'tiers', {_steps_by("tier")},
        'places', {_places(f"SELECT {PLACE}, leads, shipments, value FROM spots")},
        'previous', {_previous(asked)},
        'closed', {_closed(asked)},
        'executives', {_executives(asked)},
        'active', {_active(asked)}
    )::text
    """


def _steps_and_spots(asked: Asked) -> str:
    """Groups by how far leads are, whose and of which tier; and by where they are and of what."""
    leads = f"FROM analytics_lead lead WHERE {asked.where(asked.created())}"
    if asked.is_about_all:
        return f"""
        steps AS MATERIALIZED (
            SELECT {STEP_KEYS}, count(*) AS leads, {DAYS} {leads} GROUP BY 1, 2, 3, 4, 5
        ),
        spots AS MATERIALIZED (
            SELECT lead.content_id, lead.locale_id, lead.category_id, {SUMS} {leads}
            GROUP BY 1, 2, 3
        )"""
    return f"""
        steps AS MATERIALIZED (
            SELECT {STEP_KEYS}, lead.content_id, lead.locale_id, {SUMS}, {DAYS} {leads}
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        ),
        spots AS (SELECT * FROM steps)"""


def _steps_by(key: str) -> str:
    grouped = f"SELECT {key}, {STEP}, sum(leads)::bigint AS leads FROM steps GROUP BY {key}, {STEP}"
    return _listed(f"{key}, {STEP}, leads", f"({grouped}) AS step")


def _places(spots: str) -> str:
    grouped = f"""
        SELECT {PLACE}, sum(leads)::bigint AS leads, sum(shipments) AS shipments,
               sum(value) AS value
        FROM ({spots}) AS spot GROUP BY {PLACE}
    """
    return _listed(f"{PLACE}, leads, shipments, value", f"({grouped}) AS place")


def _listed(columns: str, rows: str, order: str = "") -> str:
    """All rows as one JSON array of arrays."""
    ordered = f"ORDER BY {order}" if order else ""
    return f"(SELECT jsonb_agg(jsonb_build_array({columns}) {ordered}) FROM {rows})"


def _previous(asked: Asked) -> str:
    if asked.filters.previous is None:
        return "NULL"
    return _places(f"""
        SELECT NULL::bigint AS content_id, lead.locale_id, lead.category_id, {SUMS}
        FROM analytics_lead lead
        WHERE {asked.where(asked.created("previous_"))} GROUP BY 1, 2, 3
    """)


def _closed(asked: Asked) -> str:
    """Won within the days: two arms, each with an index of its own; without days, in the groups."""
    if asked.filters.start is None:
        is_won = "has_shipment OR category_id = ANY(%(won)s::bigint[])"
        return f"""(
            SELECT jsonb_build_array(coalesce(sum(leads), 0), coalesce(sum(closing_days), 0))
            FROM steps AS lead WHERE {COUNTS} AND ({is_won})
        )"""
    arms = " UNION ALL ".join(
        f"SELECT {CLOSING_DAYS} AS days FROM analytics_lead lead "
        f"WHERE {asked.where(COUNTS, condition, asked.within(moment))}"
        for condition, moment in WON_BY
    )
    return f"(SELECT jsonb_build_array(count(*), coalesce(sum(days), 0)) FROM ({arms}) AS closed)"


def _executives(asked: Asked) -> str:
    """Who owns some lead: one look into an index for each user, not a scan of the leads."""
    where = asked.where_located()
    if asked.visible:
        owners = f"(SELECT DISTINCT owner_id FROM analytics_lead lead WHERE {where}) AS owner"
        return f"(SELECT jsonb_agg(owner_id) FROM {owners} WHERE owner_id IS NOT NULL)"
    lead = f"SELECT FROM analytics_lead lead WHERE {where} AND lead.owner_id = person.id LIMIT 1"
    return f"""(
        SELECT jsonb_agg(person.id) FROM accounts_user person CROSS JOIN LATERAL ({lead}) AS lead
        WHERE person.tenant_id = %(tenant)s
    )"""


def _still(asked: Asked, is_unshipped: str) -> str:
    """Which leads stand in the table: those that are over only when they are asked for."""
    if asked.filters.stage in (WON, LOST):
        return COUNTS
    return f"{IN_OPEN_CATEGORY} AND {is_unshipped}"


def _active(asked: Asked) -> str:
    """The oldest leads: by the index on their age, or, when they are rare, by the filters' own."""
    columns = (
        "lead.prospect_id, lead.record_type, lead.record_id, lead.owner_id, lead.tier, "
        "lead.category_id, lead.first_shipment_at, lead.has_recharge, lead.created_at"
    )
    still = _still(asked, "lead.first_shipment_at IS NULL")
    leads = f"FROM analytics_lead lead WHERE {asked.where(still, asked.created())}"
    number, in_order = "(SELECT leads FROM waiting)", f"ORDER BY {OLDEST} LIMIT %(most)s"
    oldest = f"""
        (SELECT {columns} {leads} AND {number} >= {MANY} {in_order})
        UNION ALL
        (SELECT * FROM (SELECT {columns} {leads} AND {number} BETWEEN 1 AND {MANY - 1} OFFSET 0)
         AS rare {in_order})
    """
    shown = (
        "prospect_id, record_type, record_id, owner_id, tier, category_id, "
        "first_shipment_at IS NOT NULL, has_recharge, "
        f"%(today)s::date - {local_day('created_at')}"
    )
    return _listed(shown, f"({oldest}) AS lead", OLDEST)
