"""Charts in the back office: each with the table of its numbers.

A page hands `chart_context(panels)` to its template, which includes `back_office/charts.html` and
loads `back_office/charts.css` and `charts.js`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.formats import get_format, number_format
from django.utils.html import format_html

Panel = dict[str, Any]
# Variables of charts.css: each theme has its own shade.
PLAIN, GOOD, BAD, WAITING = "--chart", "--chart-good", "--chart-bad", "--chart-waiting"


def make_panel(
    name: str,
    title: Any,
    headers: list[Any],
    rows: list[list[Any]],
    *,
    is_wide: bool = False,
    **chart: Any,
) -> Panel:
    """A chart and the table of its numbers; without rows it says that there is nothing.

    :param name: one of a page, for its place.
    :param is_wide: whether it takes the whole width of the page.
    :param chart: `labels` and `series`; `kind="doughnut"` for slices instead of bars, `is_stacked`
        for bars of several series on each other, `is_upright` for columns, as of months.
    """
    table = {"headers": headers, "rows": rows}
    drawn = {"name": name, **chart}
    return {"name": name, "title": title, "table": table, "chart": drawn, "is_wide": is_wide}


def make_series(
    label: Any, color: str | Sequence[str], numbers: Iterable[Any], urls: Sequence[str] = ()
) -> dict[str, Any]:
    """The bars of one colour, or of one each.

    :param urls: where each leads; "" or none: nowhere.
    """
    values = [float(number) for number in numbers]
    places = list(urls) or [""] * len(values)
    return {"label": str(label), "color": color, "values": values, "urls": places}


def chart_context(panels: Sequence[Panel]) -> dict[str, Any]:
    """What `back_office/charts.html` shows."""
    charts = {"charts": [panel["chart"] for panel in panels], "separators": _separators()}
    return {"panels": panels, "charts": charts}


def shown(number: Any, places: int = 0) -> str:
    """A number in the reader's language."""
    return number_format(number, decimal_pos=places, force_grouping=True)


def linked(number: Any, url: str, places: int = 0) -> Any:
    """A number that leads to what it counts."""
    return format_html('<a class="chart-number" href="{}">{}</a>', url, shown(number, places))


def _separators() -> dict[str, str]:
    """What stands between thousands and before decimals."""
    return {"group": get_format("THOUSAND_SEPARATOR"), "decimal": get_format("DECIMAL_SEPARATOR")}
