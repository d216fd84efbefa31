"""Numbers as people read them, and links from them to the leads that they count."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils.formats import get_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from analytics.dashboard.filters import Filters
from analytics.dashboard.numbers import rounded

DASHBOARD, LEADS = "admin:analytics_dashboard", "admin:analytics_dashboard_leads"


def dashboard_url(filters: Filters) -> str:
    """The dashboard with these filters; without any it says so, else it shows the last month."""
    query = {"startDate": "", "endDate": "", **filters.as_query()}
    return f"{reverse(DASHBOARD)}?{urlencode(query)}"


def leads_url(rows_url: str) -> str:
    """The back office's page of the leads that a link of the payload lists."""
    query = urlsplit(rows_url).query
    return f"{reverse(LEADS)}?{query}" if query else reverse(LEADS)


def shown(number: Any, places: int = 0) -> str:
    """A number in the reader's language."""
    return number_format(number, decimal_pos=places, force_grouping=True)


def separators() -> dict[str, str]:
    """What stands between thousands and before decimals, for charts."""
    return {"group": get_format("THOUSAND_SEPARATOR"), "decimal": get_format("DECIMAL_SEPARATOR")}


def linked(number: Any, rows_url: str, places: int = 0) -> SafeString:
    """A number that leads to what it counts."""
    url = leads_url(rows_url)
    return format_html('<a class="dash-number" href="{}">{}</a>', url, shown(number, places))


def change(current: Any, previous: Any) -> Decimal | None:
    """By how many percent a figure grew, with one decimal; None when it was nothing before."""
    if not previous:
        return None
    before = Fraction(previous)
    return rounded(100 * (Fraction(current) - before) / before, 1)
