"""The hot lists: one statement reads a page of cards as columns, in the words of the wire.

A page is found as ids first (by index, without the wide columns) and only then joined to what is
shown. Response serializers with the same keys describe it for the schema; a test holds both
together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from core.tenancy import current_tenant
from prospects.board.querysets import COMPANY_TABLE, ids_sql, in_column

TIERS = ("starter", "bronze", "silver", "gold", "platinum", "diamond")
BANDS = {
    5000: "5000+",
    1000: "1000-5000",
    500: "500-1000",
    100: "100-500",
    50: "50-100",
    1: "1-50",
    0: "0",
}

COLUMNS = """
    p.id, p.type, company.id AS company_id, p.company_name, p.name, p.email, p.phone_code, p.phone,
    p.category_id, shown.name AS follow_name, p.owner_id, owner.name AS salesman_name,
    coalesce(company.balance, 0) AS balance, p.account_value, p.first_contact_at,
    p.last_contact_at, p.next_contact_at, p.category_changed_at, p.created_at,
    p.verified_at IS NOT NULL AS verified, company.tier, p.monthly_shipments,
    campaign.name AS campaign, lead_status.name AS lead_status, p.estimated_close_date,
    p.commercial_offer_date, p.channel,
    ARRAY(SELECT s.service_id FROM prospects_prospectservice s
          WHERE s.prospect_id = p.id ORDER BY s.service_id) AS services
"""
JOINS = f"""
    JOIN prospects_prospect p ON p.id = page.id
    JOIN prospects_followupcategory shown ON shown.id = p.category_id
    LEFT JOIN accounts_user owner ON owner.id = p.owner_id
    LEFT JOIN {COMPANY_TABLE} company ON company.prospect_id = p.id
    LEFT JOIN prospects_acquisitioncampaign campaign ON campaign.id = p.campaign_id
    LEFT JOIN prospects_leadstatus lead_status ON lead_status.id = p.lead_status_id
"""


@dataclass(frozen=True)
class Clock:
    """Now, and where the tenant's days begin."""

    at: datetime
    zone: tzinfo

    def day(self, moment: datetime | None) -> str | None:
        """The date of a moment in the tenant's time zone."""
        return moment.astimezone(self.zone).date().isoformat() if moment else None

    def days_since(self, moment: datetime) -> int:
        """Whole days passed since a moment; a moment to come counts as none."""
        return max((self.at - moment).days, 0)


def read_page(cards: Any, *, start: int, length: int, clock: Clock) -> list[dict[str, Any]]:
    """Return a page of an ordered queryset of cards as records of the list."""
    return [list_record(row, clock) for row in _select(cards[start : start + length])]


def _select(page: Any) -> list[dict[str, Any]]:
    try:
        sql, params = ids_sql(page)
    except EmptyResultSet:  # the filters contradict each other
        return []
    return fetch(
        f"""
        SELECT {COLUMNS}
        FROM (SELECT found.id, row_number() OVER () AS n FROM ({sql}) AS found(id)) AS page
        {JOINS} ORDER BY page.n
        """,
        params,
    )


def count(*found: Any) -> list[int]:
    """Return how many cards each of these querysets, or SQL of ids, finds, by one statement."""
    parts: list[str] = []
    params: list[Any] = []
    for cards in found:
        sql, given = cards if isinstance(cards, tuple) else _unordered_sql(cards)
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return list(cursor.fetchone())


def _unordered_sql(cards: Any) -> tuple[str, tuple[Any, ...]]:
    try:
        return ids_sql(cards.order_by())
    except EmptyResultSet:
        return "SELECT NULL WHERE false", ()


def read_columns(
    cards: Any,
    *,
    category_ids: set[int] | None,
    start: int,
    length: int,
    clock: Clock,
    is_report: bool,
) -> list[dict[str, Any]]:
    """Return the board: every category in its order with its page of cards, by one statement."""
    sql, params = _lateral(cards, start, length)
    rows = fetch(
        f"""
        SELECT category.id AS column_id, category.name AS column_name,
               category.label AS column_label, category.color AS column_color, {COLUMNS}
        FROM prospects_followupcategory category
        LEFT JOIN LATERAL (
            SELECT found.id, row_number() OVER () AS n FROM ({sql}) AS found(id)
        ) AS page ON true
        {JOINS.replace("JOIN", "LEFT JOIN").replace("LEFT LEFT", "LEFT")}
        WHERE category.tenant_id = %s AND (%s::bigint[] IS NULL OR category.id = ANY(%s))
        ORDER BY category.position, category.id, page.n
        """,
        (*params, current_tenant(), *[_as_list(category_ids)] * 2),
    )
    record = list_record if is_report else board_record
    return _grouped(rows, lambda row: record(row, clock))


def _lateral(cards: Any, start: int, length: int) -> tuple[str, tuple[Any, ...]]:
    try:
        return ids_sql(in_column(cards)[start : start + length])
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()


def _as_list(ids: set[int] | None) -> list[int] | None:
    return None if ids is None else sorted(ids)


def _grouped(rows: list[dict[str, Any]], record: Any) -> list[dict[str, Any]]:
    columns: dict[int, dict[str, Any]] = {}
    for row in rows:
        column = columns.setdefault(
            row["column_id"],
            {
                "id": row["column_id"],
                "name": row["column_name"],
                "label": row["column_label"],
                "color": row["column_color"],
                "records": [],
            },
        )
        if row["id"] is not None:
            column["records"].append(record(row))
    return list(columns.values())


def count_by_category(cards: Any) -> dict[int, int]:
    """Return the number of these cards in each category that has some."""
    try:
        sql, params = cards.order_by().values("category_id").query.sql_with_params()
    except EmptyResultSet:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT found.id, count(*) FROM ({sql}) AS found(id) GROUP BY found.id", params
        )
        return dict(cursor.fetchall())


def fetch(sql: str, params: Any) -> list[dict[str, Any]]:
    """Run a statement and return its rows by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def board_record(row: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """A card on the board."""
    last_contact = row["last_contact_at"]
    return {
        "id": row["id"],
        "type": row["type"],
        "company_id": row["company_id"],
        "company_name": row["company_name"],
        "name": row["name"],
        "email": row["email"],
        "phone_code": row["phone_code"],
        "phone": row["phone"],
        "follow_up_id": row["category_id"],
        "follow_name": row["follow_name"],
        "balance": row["balance"],
        "account_value": row["account_value"],
        "last_contact": last_contact.astimezone(UTC) if last_contact else None,
        "next_contact": clock.day(row["next_contact_at"]),
        "salesman": row["owner_id"],
        "salesman_name": row["salesman_name"],
        "verified": row["verified"],
        "tier": tier_name(row["tier"]),
        "monthly_shipments": row["monthly_shipments"],
        "services": row["services"],
    }


def list_record(row: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """A card in the list: the board's keys, and the columns of the table."""
    return {
        **board_record(row, clock),
        "first_contact": clock.day(row["first_contact_at"]),
        "last_contact": clock.day(row["last_contact_at"]),
        "days_uc": clock.days_since(row["category_changed_at"]),
        "days_without_contact": clock.days_since(row["last_contact_at"] or row["created_at"]),
        "monthly_shipments_desc": shipments_band(row["monthly_shipments"]),
        "campaign": row["campaign"],
        "lead_status": row["lead_status"],
        "estimated_close_date": row["estimated_close_date"],
        "commercial_offer_date": row["commercial_offer_date"],
        "channel": row["channel"],
        "created_at": row["created_at"],
    }


def tier_name(tier: int | None) -> str:
    """The name of a tier; blank when there is none."""
    return "" if tier is None else TIERS[tier]


def shipments_band(monthly_shipments: int | None) -> str | None:
    """The band of a number of monthly shipments; the lower bound belongs to it."""
    if monthly_shipments is None:
        return None
    return next(name for least, name in BANDS.items() if monthly_shipments >= least)
