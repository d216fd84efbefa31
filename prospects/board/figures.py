"""Sums over the board."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Sum

from core.tenancy import current_tenant
from prospects.board.rows import fetch

Sql = tuple[str, tuple[Any, ...]]


def kept(counts: Any) -> Sql:
    """Return SQL of (category, locale, cards, value) from the kept counts."""
    sums = counts.values_list("category_id", "locale_id").annotate(Sum("cards"), Sum("value"))
    return sums.order_by().query.sql_with_params()


def counted(cards: Any) -> Sql:
    """Return SQL of (category, locale, cards, value) by counting these cards."""
    sums = cards.order_by().values_list("category_id", "locale_id")
    try:
        return sums.annotate(Count("pk"), Sum("account_value")).query.sql_with_params()
    except EmptyResultSet:  # the filters contradict each other
        return "SELECT NULL::bigint, NULL::bigint, NULL::bigint, NULL::numeric WHERE false", ()


def kpis(found: Sql, *, default_currency: str) -> list[dict[str, Any]]:
    """Return count and value for every category of the tenant, in board order.

    `total_value` adds the amounts as the cards show them; `by_currency` keeps currencies apart (a
    card without a locale counts in the tenant's own currency).

    :param found: SQL of (category, locale, cards, value): see `kept` and `counted`.
    """
    sql, params = found
    rows = fetch(
        f"""
        SELECT category.id, category.name, coalesce(locale.currency, %s) AS currency,
               sum(found.cards)::bigint AS cards, coalesce(sum(found.value), 0) AS value
        FROM prospects_followupcategory category
        LEFT JOIN ({sql}) AS found(category_id, locale_id, cards, value)
          ON found.category_id = category.id
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
