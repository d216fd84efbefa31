"""The board and its figures."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import statements
from benchmarks.bench import Bench, Caller
from benchmarks.measure import Bare, Contest

GROUPED = (
    "`GET /prospects/grouped`, 25 cards of each of 7 categories with counters, unfiltered: at most "
    "4 × a bare LATERAL of the same cards."
)
KPIS = (
    "`GET /prospects/kpis`, unfiltered: at most 3 × an empty view behind the product's sign-in and "
    "middleware."
)
BOARD = {"length": statements.LENGTH, "counters": "true"}


def grouped(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        yield _grouped(bench, caller)


def _grouped(bench: Bench, caller: Caller) -> Contest:
    sql, params = statements.board(bench.where(caller)), bench.params(caller)
    bare = Bare("LATERAL", 4, lambda number: bench.rows(sql, params))

    def door(number: int) -> bytes:
        return caller.door.get("/prospects/grouped", BOARD)

    return Contest("board", caller.label, door, [bare])


def kpis(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        yield _kpis(caller)


def _kpis(caller: Caller) -> Contest:
    bare = Bare("empty view", 3, lambda number: caller.empty.get("/empty"))
    return Contest(
        "figures", caller.label, lambda number: caller.door.get("/prospects/kpis"), [bare]
    )
