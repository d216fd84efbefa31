"""Numbers as people read them, and links from them to the leads that they count."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils.safestring import SafeString

from analytics.dashboard.filters import Filters
from analytics.dashboard.numbers import rounded
from core.back_office_charts import linked as link_number

DASHBOARD, LEADS = "admin:analytics_dashboard", "admin:analytics_dashboard_leads"


def dashboard_url(filters: Filters) -> str:
    """The dashboard with these filters; without any it says so, else it shows the last month."""
    query = {"startDate": "", "endDate": "", **filters.as_query()}
    return f"{reverse(DASHBOARD)}?{urlencode(query)}"


def leads_url(rows_url: str) -> str:
    """The back office's page of the leads that a link of the payload lists."""
    query = urlsplit(rows_url).query
    return f"{reverse(LEADS)}?{query}" if query else reverse(LEADS)


def linked(number: Any, rows_url: str, places: int = 0) -> SafeString:
    """A number that leads to what it counts."""
    return link_number(number, leads_url(rows_url), places)


def change(current: Any, previous: Any) -> Decimal | None:
    """By how many percent a figure grew, with one decimal; None when it was nothing before."""
    if not previous:
        return None
    before = Fraction(previous)
    return rounded(100 * (Fraction(current) - before) / before, 1)
