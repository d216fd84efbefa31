"""The payload as the page shows it: figures on top, each chart with the table of its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from analytics.charts.numbers import change, leads_url, linked
from analytics.charts.wording import (
    IS_LEFT,
    IS_LOST,
    IS_RECHARGED,
    IS_WON,
    NO_TIER,
    NOBODY,
    StageLook,
    look_of,
    product_label,
)
from core.back_office_charts import Panel, make_panel, make_series, shown

Payload = dict[str, Any]
# Name, title, decimals, unit, whether growth is good (None: neither).
KPIS = (
    ("total_leads", _("Leads"), 0, "", True),
    ("total_shipments", _("Monthly shipments"), 0, "", True),
    ("avg_shipment_cost", _("Cost per shipment"), 2, "USD", None),
    ("total_lost", _("Lost leads"), 0, "", False),
)
EXTRA_KPIS = (
    ("avg_closing_days", _("Days to close"), 1, ""),
    ("advancement_rate", _("Advanced"), 1, "%"),
    ("in_recharge", _("Recharge, no shipment yet"), 0, ""),
)
OUTCOMES = (
    ("won", _("Won"), IS_WON),
    ("in_recharge", _("In recharge"), IS_RECHARGED),
    ("remaining", _("Remaining"), IS_LEFT),
    ("lost", _("Lost"), IS_LOST),
)
PARTS = (
    ("won", _("Won"), IS_WON),
    ("remaining", _("Remaining"), IS_LEFT),
    ("lost", _("Lost"), IS_LOST),
)
MOST_BARS = 30  # more of them cannot be read; the table has them all


def kpis(payload: Payload) -> Iterator[Panel]:
    """The cards on top: the figure, what it was in the period before, by how much it changed."""
    for name, title, places, unit, is_growth_good in KPIS:
        figure, urls = payload["kpis"][name], payload["rows_url"]["kpis"][name]
        card = {"title": title, "unit": unit}
        card["number"] = linked(figure["current"], urls["current"], places)
        if urls["previous"]:
            card["previous"] = linked(figure["previous"], urls["previous"], places)
            card["delta"] = _delta(figure, is_growth_good)
        yield card


def extra_kpis(payload: Payload) -> Iterator[Panel]:
    """The cards below: figures of the period alone."""
    for name, title, places, unit in EXTRA_KPIS:
        number = linked(
            payload["extra_kpis"][name], payload["rows_url"]["extra_kpis"][name], places
        )
        yield {"title": title, "unit": unit, "number": number}


def _delta(figure: Payload, is_growth_good: bool | None) -> Panel | None:
    percent = change(figure["current"], figure["previous"])
    if percent is None:
        return None
    is_good = None if is_growth_good is None or not percent else (percent > 0) == is_growth_good
    arrow = {1: "▲ ", -1: "▼ "}.get((percent > 0) - (percent < 0), "")
    return {"text": f"{arrow}{shown(abs(percent), 1)} %", "is_good": is_good}


def panels(payload: Payload, looks: dict[str, StageLook]) -> list[Panel]:
    """All charts, in the order of the page."""
    return [
        _funnel(payload, looks),
        _outcomes(payload),
        _executives(payload),
        _tiers(payload),
        _products(payload),
    ]


def _series(label: Any, color: Any, counted: list[tuple[Any, str]]) -> Payload:
    """The bars of one colour (or of one each): (number, rows_url)."""
    numbers, urls = [number for number, _url in counted], [leads_url(url) for _n, url in counted]
    return make_series(label, color, numbers, urls)


def _funnel(payload: Payload, looks: dict[str, StageLook]) -> Panel:
    stages = [(look_of(row["stage_name"], looks), row) for row in payload["sales_funnel"]]
    counted = [(row["count"], row["rows_url"]) for _look, row in stages]
    return make_panel(
        "funnel",
        _("Funnel"),
        [_("Stage"), _("Leads"), "%"],
        [
            [look.label, linked(*pair), shown(row["percentage"], 1)]
            for (look, row), pair in zip(stages, counted, strict=True)
        ],
        labels=[look.label for look, _row in stages],
        series=[_series(_("Leads"), [look.color for look, _row in stages], counted)],
    )


def _outcomes(payload: Payload) -> Panel:
    summary, urls = payload["outcome_summary"], payload["rows_url"]["outcome_summary"]
    counted = [(summary[name], urls[name]) for name, _title, _color in OUTCOMES]
    titles = [str(title) for _name, title, _color in OUTCOMES]
    colors = [color for _name, _title, color in OUTCOMES]
    return make_panel(
        "outcomes",
        _("Outcomes"),
        [_("Outcome"), _("Leads")],
        [[title, linked(*pair)] for title, pair in zip(titles, counted, strict=True)],
        kind="doughnut",
        labels=titles,
        series=[_series(_("Leads"), colors, counted)],
    )


def _executives(payload: Payload) -> Panel:
    people = payload["by_executive_stage"]
    bars = people[:MOST_BARS]
    parts = (*(name for name, _title, _color in PARTS), "total")
    return make_panel(
        "executives",
        _("By executive"),
        [_("Executive"), *(title for _name, title, _color in PARTS), _("Total")],
        [
            [row["name"] or NOBODY, *(linked(row[part], row["rows_url"][part]) for part in parts)]
            for row in people
        ],
        is_wide=True,
        is_stacked=True,
        labels=[row["name"] or str(NOBODY) for row in bars],
        series=[
            _series(title, color, [(row[name], row["rows_url"][name]) for row in bars])
            for name, title, color in PARTS
        ],
    )


def _tiers(payload: Payload) -> Panel:
    tiers = payload["by_tier"]
    labels = [row["tier_label"] or str(NO_TIER) for row in tiers]
    counted = [(row["count"], row["rows_url"]) for row in tiers]
    return make_panel(
        "tiers",
        _("By tier"),
        [_("Tier"), _("Leads")],
        [[label, linked(*pair)] for label, pair in zip(labels, counted, strict=True)],
        labels=labels,
        series=[_series(_("Leads"), IS_LEFT, counted)],
    )


def _products(payload: Payload) -> Panel:
    products = payload["by_product"]
    bars = products[:MOST_BARS]
    return make_panel(
        "products",
        _("By product"),
        [_("Product"), _("Leads"), _("Value (USD)")],
        [
            [
                product_label(row["product_name"]),
                linked(row["lead_count"], row["rows_url"]),
                linked(row["total_value"], row["rows_url"], 2),
            ]
            for row in products
        ],
        labels=[str(product_label(row["product_name"])) for row in bars],
        series=[
            _series(
                _("Value (USD)"), IS_LEFT, [(row["total_value"], row["rows_url"]) for row in bars]
            )
        ],
    )
