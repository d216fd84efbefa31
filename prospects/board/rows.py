"""The hot lists: a page of cards read as columns, in the words of the wire.

A page is found as ids (by index, without the wide columns), and a second statement, whose plan is
kept, joins them to what is shown. Response serializers with the same keys describe it for the
schema; a test holds both together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from core.kept_plans import fetch_kept
from core.tenancy import current_tenant
from prospects.board.querysets import COMPANY_TABLE, Sql, ids_sql, in_column

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
PAGE = f"""
    SELECT {COLUMNS} FROM unnest(%s::bigint[]) WITH ORDINALITY AS page(id, n)
    {JOINS} ORDER BY page.n
"""


@dataclass(frozen=True)
class Clock:
    """Now, and where the tenant's days begin."""

    at: datetime
    zone: tzinfo
    counted: list[datetime] = field(default_factory=list)  # when a number of days grows by one

    def day(self, moment: datetime | None) -> str | None:
        """The date of a moment in the tenant's time zone."""
        return moment.astimezone(self.zone).date().isoformat() if moment else None

    def days_since(self, moment: datetime) -> int:
        """Whole days passed since a moment; a moment to come counts as none."""
        days = max((self.at - moment).days, 0)
        self.counted.append(moment + timedelta(days=days + 1))
        return days


def read_page(cards: Any, *, start: int, length: int, clock: Clock) -> list[dict[str, Any]]:
    """Return a page of an ordered queryset of cards as records of the list."""
    return [list_record(row, clock) for row in _select(cards[start : start + length])]


def _select(page: Any) -> list[dict[str, Any]]:
    try:
        sql, params = ids_sql(page)
    except EmptyResultSet:  # the filters contradict each other
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return _read([pk for (pk,) in cursor.fetchall()])


def _read(ids: list[int]) -> list[dict[str, Any]]:
    """Return the cards with these ids, in their order.

    Apart from finding the ids, so that the plan of the wide join can be kept.
    """
    return fetch_kept(PAGE, [ids]) if ids else []


def numbers(*asked: Sql) -> list[int]:
    """Return the number that each of these statements finds, by one statement."""
    params = [param for _, given in asked for param in given]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'({sql})' for sql, _ in asked)}", params)
        return list(cursor.fetchone())


def how_many(cards: Any) -> Sql:
    """Return SQL of how many cards this queryset, or SQL of ids, finds."""
    sql, params = cards if isinstance(cards, tuple) else _unordered_sql(cards)
    return f"SELECT count(*) FROM ({sql}) AS found", params


def _unordered_sql(cards: Any) -> Sql:
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
    """Return the board: every category in its order with its page of cards."""
    sql, params = _lateral(cards, start, length)
    found = fetch(
        f"""
        SELECT category.id, category.name, category.label, category.color, page.ids
        FROM prospects_followupcategory category
        CROSS JOIN LATERAL (SELECT ARRAY({sql})) AS page(ids)
        WHERE category.tenant_id = %s AND (%s::bigint[] IS NULL OR category.id = ANY(%s))
        ORDER BY category.position, category.id
        """,
        (*params, current_tenant(), *[_as_list(category_ids)] * 2),
    )
    record = list_record if is_report else board_record
    cards_by_id = {row["id"]: record(row, clock) for row in _read(_all_ids(found))}
    return [_column(row, cards_by_id) for row in found]


def _lateral(cards: Any, start: int, length: int) -> Sql:
    try:
        return ids_sql(in_column(cards)[start : start + length])
    except EmptyResultSet:
        return "SELECT NULL::bigint WHERE false", ()


def _as_list(ids: set[int] | None) -> list[int] | None:
    return None if ids is None else sorted(ids)


def _all_ids(columns: list[dict[str, Any]]) -> list[int]:
    return [pk for column in columns for pk in column["ids"]]


def _column(column: dict[str, Any], cards_by_id: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """A category with its page of cards."""
    found = [cards_by_id[pk] for pk in column.pop("ids") if pk in cards_by_id]
    # One that was moved between the two statements is shown nowhere rather than in two places.
    return {**column, "records": [each for each in found if each["follow_up_id"] == column["id"]]}


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
