"""Sums over the board."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet

from core.tenancy import current_tenant
from prospects.board.rows import fetch

NO_CARDS = "SELECT NULL::bigint, NULL::bigint, NULL::numeric WHERE false"


def kpis(cards: Any, *, default_currency: str) -> list[dict[str, Any]]:
    """Return count and value of these cards for every category of the tenant, in board order.

    `total_value` adds the amounts as the cards show them; `by_currency` keeps currencies apart (a
    card without a locale counts in the tenant's own currency).
    """
    values = cards.order_by().values("category_id", "locale_id", "account_value")
    try:
        sql, params = values.query.sql_with_params()
    except EmptyResultSet:
        sql, params = NO_CARDS, ()
    rows = fetch(
        f"""
        SELECT category.id, category.name, coalesce(locale.currency, %s) AS currency,
               sum(found.cards)::bigint AS cards, sum(found.value) AS value
        FROM prospects_followupcategory category
        LEFT JOIN (
            SELECT category_id, locale_id, count(*) AS cards, coalesce(sum(value), 0) AS value
            FROM ({sql}) AS card(category_id, locale_id, value) GROUP BY 1, 2
        ) AS found ON found.category_id = category.id
        LEFT JOIN prospects_locale locale ON locale.id = found.locale_id
        WHERE category.tenant_id = %s
        GROUP BY category.id, 3 ORDER BY category.position, category.id, 3
        """,
        (default_currency, *params, current_tenant()),
    )
    return _by_category(rows)


def _by_category(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    figures: dict[int, dict[str, Any]] = {}
    for row in rows:
        figure = figures.setdefault(
            row["id"],
            {
                "category_id": row["id"],
                "category_name": row["name"],
                "total_value": Decimal(0),
                "count": 0,
                "by_currency": {},
            },
        )
        if row["cards"]:
            figure["count"] += row["cards"]
            figure["total_value"] += row["value"]
            figure["by_currency"][row["currency"]] = row["value"]
    return list(figures.values())
