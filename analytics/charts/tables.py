"""Leads in tables, each with a link to its card."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from analytics.charts.wording import NO_TIER, NOBODY, StageLook, look_of
from analytics.dashboard.conditions import Asked, Figure
from analytics.dashboard.rows import count_rows, read_rows
from core.back_office_charts import shown
from prospects.catalogs.models import Locale

Row = dict[str, Any]
Table = dict[str, Any]
NOTHING = "—"


class LeadsBehind:
    """The leads that a figure counts, as a paginator asks for them."""

    def __init__(self, asked: Asked, figure: Figure, today: date) -> None:
        self.asked, self.figure, self.today = asked, figure, today

    def count(self) -> int:
        return count_rows(self.asked, self.figure)

    def __getitem__(self, part: slice) -> list[Row]:
        page = {"start": part.start, "length": part.stop - part.start}
        return read_rows(self.asked, self.figure, today=self.today, **page)


def aging_table(payload: Row, looks: dict[str, StageLook]) -> Table:
    """The oldest leads of the payload."""
    headers = [_("Lead"), _("Executive"), _("Tier"), _("Stage"), _("Age in days")]
    return {
        "headers": headers,
        "rows": [[*_who(row, looks), shown(row["age_days"])] for row in payload["active_leads"]],
    }


def leads_table(rows: Iterable[Row], looks: dict[str, StageLook], home: str) -> Table:
    """A page of the leads behind a figure.

    :param home: the currency of leads without a country.
    """
    locales = dict(Locale.objects.values_list("pk", "currency"))
    headers = (
        *(_("Lead"), _("Executive"), _("Tier"), _("Stage"), _("Created")),
        *(_("Won on"), _("Days to close"), _("Monthly shipments"), _("Value")),
    )
    found = []
    for row in rows:
        currency = locales.get(row["locale_id"], home)
        cells = [*_who(row, looks), _day(row["created_at"]), _day(row["won_at"])]
        cells += [_number(row["closing_days"])]
        cells += [_number(row["monthly_shipments"]), _money(row["account_value"], currency)]
        found.append(cells)
    return {"headers": headers, "rows": found}


def _who(row: Row, looks: dict[str, StageLook]) -> list[Any]:
    tier = row["tier_label"] or NO_TIER
    return [_card(row), row["salesman"] or NOBODY, tier, look_of(row["stage_name"], looks).label]


def _card(row: Row) -> SafeString:
    url = reverse("admin:prospects_prospect_change", args=[row["prospect_id"]])
    return format_html('<a class="dash-name" href="{}">{}</a>', url, row["name"] or NOTHING)


def _day(moment: Any) -> str:
    return date_format(localtime(moment), "SHORT_DATE_FORMAT") if moment else NOTHING


def _number(number: int | None) -> str:
    return NOTHING if number is None else shown(number)


def _money(amount: Any, currency: str) -> str:
    return NOTHING if amount is None else f"{shown(amount, 2)} {currency}"
