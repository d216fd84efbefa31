"""Who did what, through which door: facts that the history triggers store with each old row."""

from __future__ import annotations

from typing import Any

import pghistory


def acting(*, door: str, user_id: int | None = None, **facts: Any) -> Any:
    """Context (a `with` block) in which every tracked change is recorded with its doer.

    :param door: `crm-api`, `sales-api`, `admin`, `command:NAME` or `task:NAME`.
    """
    return pghistory.context(door=door, user=user_id, **facts)


def name_actor(user_id: int) -> None:
    """Add who it is to the context that is open, if one is (a request that only reads has none)."""
    pghistory.context(user=user_id)
