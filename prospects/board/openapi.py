"""The query parameters of the board, the list and the figures, for the schema."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter

from prospects.board.filters import DAY_RANGES, ID_FILTERS, ROLE_FILTERS, SOURCES
from prospects.board.querysets import SORTABLE


def _query(name: str, description: str, kind: type = str, **more: object) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=description, **more)  # type: ignore[arg-type]


IDS = "One id or a comma-separated list; 0 or null: none assigned."
FILTERS = [
    _query("search", "Part of a company, name, email or phone; case and accents do not matter."),
    _query("source", "Prospects and clients, or partners.", enum=SOURCES, default="company"),
    *(_query(name, IDS) for name in (*ID_FILTERS, *ROLE_FILTERS)),
    _query("startDate", "Created from this day on (YYYY-MM-DD). Needs all-prospects."),
    _query("endDate", "Created up to this day, included. Needs all-prospects."),
    *(
        _query(f"{name}[{number}]", description)
        for name in ("nextContact", *DAY_RANGES)
        for number, description in enumerate(("From this day on.", "Up to this day, included."))
    ),
    *(
        _query(f"{name}[]", "Both days: the parameter twice.", many=True)
        for name in ("nextContact", *DAY_RANGES)
    ),
    _query("estimatedCloseMonth", "YYYY-MM"),
    _query("minShipments", "At least so many monthly shipments.", int),
    _query("hasRecharge", "1: the company has at least one recharge.", enum=("0", "1")),
]
PAGE = [
    _query("start", "Offset.", int, default=0),
    _query("length", "Page size; above 100 is taken as 100.", int, default=25),
    _query("sortBy", "Column to sort by; without it the newest come first.", enum=tuple(SORTABLE)),
    _query("sortType", "Direction.", enum=("asc", "desc"), default="asc"),
]
REPORT = [
    _query("counters", "Count the cards of each category.", bool, default=False),
    _query("report", "Add the list's columns; `length` goes up to 1000.", bool, default=False),
]
