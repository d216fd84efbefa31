"""Links to the leads that a figure counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from analytics.dashboard.conditions import Figure
from analytics.dashboard.filters import Filters, OneOf

PATH = "/prospects/client-analytics/rows"


def rows_url(filters: Filters, figure: Figure = Figure.LEADS, **changes: Any) -> str:
    """The path of the list of exactly those leads; `changes` replace filters."""
    query = replace(filters, **changes).as_query()
    if figure is not Figure.LEADS:
        query["figure"] = figure.value
    return f"{PATH}?{urlencode(query)}" if query else PATH


def only(value: int | None) -> OneOf:
    """A filter that leaves one value of a column, or none."""
    return OneOf(frozenset(), True) if value is None else OneOf(frozenset([value]))


def figure_urls(filters: Filters) -> dict[str, Any]:
    """The links of the figures that are bare numbers, under the same names as they."""
    previous = filters.previous

    def both(figure: Figure) -> dict[str, str | None]:
        before = rows_url(previous, figure) if previous else None
        return {"current": rows_url(filters, figure), "previous": before}

    leads = both(Figure.LEADS)
    return {
        "kpis": {
            "total_leads": leads,
            "total_shipments": leads,
            "avg_shipment_cost": leads,
            "total_lost": both(Figure.LOST),
        },
        "extra_kpis": {
            "avg_closing_days": rows_url(filters, Figure.CLOSED),
            "advancement_rate": rows_url(filters, Figure.ADVANCED),
            "in_recharge": rows_url(filters, Figure.RECHARGED),
        },
        "outcome_summary": {
            "won": rows_url(filters, Figure.WON),
            "lost": rows_url(filters, Figure.LOST),
            "in_recharge": rows_url(filters, Figure.IN_RECHARGE),
            "remaining": rows_url(filters, Figure.REMAINING),
        },
        "active_leads": rows_url(filters, aging_figure(filters)),
    }


def aging_figure(filters: Filters) -> Figure:
    """Charts of open leads show those that are over when somebody asks for just these."""
    is_over = filters.stage in ("won", "customer_lost")
    return Figure.LEADS if is_over else Figure.OPEN
