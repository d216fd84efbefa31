"""What the dashboard asks of the leads: one statement, so that all figures tell of one moment.

The leads are scanned once and grouped by everything that figures tell apart; the groups, which are
few, are grouped again for each chart. (GROUPING SETS over the leads themselves take eight times as
long.) Kinds, rates and names are joined afterwards: see payload.py.
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
    IS_OPEN,
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
STEPS = "category_id, has_shipment, has_recharge, leads"
PLACES = "content_id, locale_id, category_id, leads, shipments, value"
OLDEST = "lead.created_at, lead.prospect_id"
FOLDED = """
    SELECT GROUPING(content_id) = 1 AS is_step, GROUPING(tier) = 0 AS is_tier,
           content_id, locale_id, owner_id, tier, category_id, has_shipment, has_recharge,
           sum(leads)::bigint AS leads, sum(shipments) AS shipments, sum(value) AS value
    FROM cells GROUP BY GROUPING SETS (
        (content_id, locale_id, category_id),
        (owner_id, category_id, has_shipment, has_recharge),
        (tier, category_id, has_shipment, has_recharge)
    )
"""


def statement(asked: Asked) -> str:
    """Return the SQL, which answers one JSON object."""
    return f"""
    WITH cells AS MATERIALIZED (
        SELECT lead.content_id, lead.locale_id, lead.owner_id, lead.tier, lead.category_id,
               lead.first_shipment_at IS NOT NULL AS has_shipment, lead.has_recharge, {SUMS}
        FROM analytics_lead lead WHERE {asked.where(asked.created())}
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    ),
    folded AS MATERIALIZED ({FOLDED})
    SELECT jsonb_build_object(
        'owners', {_listed(f"owner_id, {STEPS}", "folded WHERE is_step AND NOT is_tier")},
        'tiers', {_listed(f"tier, {STEPS}", "folded WHERE is_tier")},
        'places', {_listed(PLACES, "folded WHERE NOT is_step")},
        'previous', {_previous(asked)},
        'closed', {_closed(asked)},
        'executives', {_executives(asked)},
        'active', {_active(asked)}
    )::text
    """


def _listed(columns: str, rows: str, order: str = "") -> str:
    """All rows as one JSON array of arrays."""
    ordered = f"ORDER BY {order}" if order else ""
    return f"(SELECT jsonb_agg(jsonb_build_array({columns}) {ordered}) FROM {rows})"


def _previous(asked: Asked) -> str:
    if asked.filters.previous is None:
        return "NULL"
    grouped = f"""
        SELECT NULL::bigint AS content_id, lead.locale_id, lead.category_id, {SUMS}
        FROM analytics_lead lead
        WHERE {asked.where(asked.created("previous_"))} GROUP BY 1, 2, 3
    """
    return _listed(PLACES, f"({grouped}) AS place")


def _closed(asked: Asked) -> str:
    """Two arms, each with an index of its own: won by a shipment, and won by the category."""
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


def _active(asked: Asked) -> str:
    """The oldest leads, by the index on their age; those that are over only when asked for."""
    only_open = "" if asked.filters.stage in (WON, LOST) else IS_OPEN
    oldest = f"""
        SELECT lead.* FROM analytics_lead lead
        WHERE {asked.where(COUNTS, only_open, asked.created())} ORDER BY {OLDEST} LIMIT %(most)s
    """
    columns = (
        "lead.prospect_id, lead.record_type, lead.record_id, lead.owner_id, lead.tier, "
        "lead.category_id, lead.first_shipment_at IS NOT NULL, lead.has_recharge, "
        f"%(today)s::date - {local_day('lead.created_at')}"
    )
    return _listed(columns, f"({oldest}) AS lead", OLDEST)
