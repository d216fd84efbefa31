"""Things that happen at the same moment. The test must be one with `transaction=True`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run functions side by side, each on a connection of its own; return what they return."""
    start = Barrier(len(works), timeout=30)

    def run(work: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
