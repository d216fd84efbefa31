"""The list: its first page, a page far down, filtered, searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks import statements
from benchmarks.bench import Bench, Caller
from benchmarks.figures.conditions import Condition, daily_filters, searches
from benchmarks.measure import Bare, Contest

FIRST_PAGE = (
    "`GET /prospects/list`, first page, default order, both counts: at most 4 × one bare SELECT of "
    "the same columns behind an empty Django view, dumped by orjson."
)
FAR_PAGE = (
    "The list unfiltered, page 20,000 (the middle one of fewer cards; the last one of the rep's): "
    "at most 1.5 × the bare deferred join (ids first) + 4 × the bare first page."
)
FILTERS = (
    "The list with a filter, first page and counts: at most 3 × the same two statements bare, page "
    "and exact count, on one connection. A rep may not filter by owner or day of creation."
)
SEARCH = (
    "The list with a search, first page and counts: at most 3 × (rare) or 2 × the same two "
    "statements bare, page and exact count, with the trigram index."
)
PATH = "/prospects/list"
FAR = 20_000


def first_page(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        door = _door(caller)
        yield Contest("first page", caller.label, door, [_bare_first_page(bench, caller, 4)])


def far_page(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        number = _far_page_number(bench, caller)
        start = (number - 1) * statements.LENGTH
        sql = statements.page(bench.where(caller))
        params = bench.params(caller, start=start)
        deferred = Bare("deferred join", 1.5, _statements(bench, [sql], params))
        bare = [deferred, _bare_first_page(bench, caller, 4)]
        yield Contest(f"page {number:,}", caller.label, _door(caller, start=start), bare)


def filtered(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        for condition in daily_filters(bench):
            if caller.sees_all or not condition.needs_all:
                yield _page_and_count(bench, caller, condition, 3)


def searched(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        for condition, factor in searches():
            yield _page_and_count(bench, caller, condition, factor)


def _page_and_count(bench: Bench, caller: Caller, condition: Condition, factor: float) -> Contest:
    where = bench.where(caller, condition.sql)
    params = bench.params(caller, start=0, **condition.params)
    both = [statements.page(where), statements.count(where)]
    title = f"{condition.title}: {bench.value(both[1], params):,} cards"
    bare = Bare("page and count", factor, _statements(bench, both, params))
    return Contest(title, caller.label, _door(caller, **condition.query), [bare])


def _door(caller: Caller, **query: Any) -> Any:
    return lambda number: caller.door.get(PATH, query)


def _statements(bench: Bench, statements: list[str], params: Any) -> Any:
    return lambda number: [bench.rows(sql, params) for sql in statements]


def _bare_first_page(bench: Bench, caller: Caller, factor: float) -> Bare:
    name = "first-page" if caller.sees_all else "first-page-of-mine"
    params = bench.params(caller, start=0)
    return Bare("first page", factor, lambda number: bench.bare.get(f"/bare/{name}", params))


def _far_page_number(bench: Bench, caller: Caller) -> int:
    total = bench.value(statements.count(bench.where(caller)), bench.params(caller))
    last = -(-total // statements.LENGTH)
    return min(FAR, max(last // 2, 1)) if caller.sees_all else last
