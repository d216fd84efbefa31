"""Every filter of the contract with a value that finds something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max

from benchmarks import names
from prospects.board.filters import DAY_RANGES, ID_FILTERS, ROLE_FILTERS
from prospects.pipeline.models import Prospect, TeamAssignment

Query = dict[str, Any]


def every_filter() -> Iterator[tuple[str, Query]]:
    """Yield a title and the parameters of the list."""
    yield "none", {}
    yield "source=partner", {"source": "partner"}
    yield from _by_id()
    yield from _by_role()
    yield from _by_time()
    for title, words in (
        ("search, rare", names.RARE_SEARCH),
        ("search, common", names.COMMON_SEARCH),
        ("search, two characters", names.SHORT_SEARCH),
    ):
        yield title, {"search": words}
    yield "minShipments=100", {"minShipments": 100}
    yield "minShipments=1000", {"minShipments": 1000}
    yield "hasRecharge=1", {"hasRecharge": 1}
    yield "hasRecharge=0", {"hasRecharge": 0}


def _by_id() -> Iterator[tuple[str, Query]]:
    """The most and the least frequent value of each, and none."""
    for name, column in ID_FILTERS.items():
        of_column = Prospect.objects.exclude(**{column: None}).values_list(column)
        values = [value for value, _ in of_column.annotate(n=Count("pk")).order_by("-n")]
        if not values:
            raise LookupError(f"the seeded cards have no {column}")
        yield f"{name}, frequent", {name: values[0]}
        yield f"{name}, rare", {name: values[-1]}
        yield f"{name}, two", {name: f"{values[0]},{values[-1]}"}
        if Prospect._meta.get_field(column.removesuffix("_id")).null:
            yield f"{name}, none", {name: 0}


def _by_role() -> Iterator[tuple[str, Query]]:
    for name, role in ROLE_FILTERS.items():
        user = TeamAssignment.objects.filter(role=role).values_list("user_id", flat=True).first()
        yield name, {name: user}
    yield f"{name}, nobody", {name: 0}


def _by_time() -> Iterator[tuple[str, Query]]:
    newest = Prospect.objects.aggregate(newest=Max("created_at"))["newest"].date()
    month, year = newest - timedelta(days=30), newest - timedelta(days=365)
    yield "created, 30 days", {"startDate": month, "endDate": newest}
    yield "created, a year", {"startDate": year, "endDate": newest}
    for name in ("nextContact", *DAY_RANGES):
        start, end = f"{name}[0]", f"{name}[1]"
        yield f"{name}, a week", {start: newest, end: newest + timedelta(days=6)}
        yield f"{name}, until today", {end: newest}
    yield "estimatedCloseMonth", {"estimatedCloseMonth": f"{newest:%Y-%m}"}
