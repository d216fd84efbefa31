"""What a poll costs that finds nothing new."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import statements
from benchmarks.bench import Bench, Caller
from benchmarks.measure import Bare, Contest

NOT_MODIFIED = (
    "A 304 to who polls with the ETag that they have: at most 1.5 × an empty view behind the "
    "product's sign-in and middleware."
)
POLLED = {
    "board of prospects": f"/prospects/grouped?length={statements.LENGTH}&counters=true",
    "list of prospects": "/prospects/list",
    "board of deals": "/api/v1/deals/board",
    "list of deals": "/api/v1/deals",
    "catalogues": "/prospects/catalogs",
    "notifications": "/api/v1/notifications",
}


def polled(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        for title, path in POLLED.items():
            yield _unchanged(caller, title, path)


def _unchanged(caller: Caller, title: str, path: str) -> Contest:
    bare = Bare("empty view", 1.5, lambda number: caller.empty.get("/empty"))
    etag = caller.door.etag_of(path)
    return Contest(title, caller.label, lambda number: caller.door.poll(path, etag), [bare])
