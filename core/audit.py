"""Who did what, through which door: facts that the history triggers store with each old row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory


@contextmanager
def acting(*, door: str, **facts: Any) -> Iterator[None]:
    """Record every tracked change inside the `with` block with its doer.

    Blocks nest: the inner one's facts go before the outer one's, and end with it.

    :param door: `crm-api`, `sales-api`, `mcp`, `admin`, `link`, `form`, `command:NAME` or
        `task:NAME`; of `mcp` a fact `agent` says what the program calls itself.
    """
    with pghistory.context() as opened:
        before = dict(opened.metadata)
        opened.metadata.update(facts, door=door)
        try:
            yield
        finally:
            opened.metadata.clear()
            opened.metadata.update(before)


def name_actor(user_id: int) -> None:
    """Add who it is to the context that is open, if one is (a request that only reads has none)."""
    pghistory.context(user=user_id)
