"""`ETag` and `If-Match`: nobody overwrites what they have not seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.errors import Outdated


def etag_of(*changed: datetime) -> str:
    """Return the name of a row's present state, from the moments at which its parts changed."""
    return '"{}"'.format("-".join(f"{each.astimezone(UTC):%Y%m%d%H%M%S%f}" for each in changed))


def asks_for_version(request: Any) -> bool:
    """Whether the caller wants to write only over the state that they have seen."""
    return request.headers.get("If-Match", "*").strip() != "*"


def refuse_outdated(request: Any, present: str) -> None:
    """See whether the present state is one that the caller knows; its row must be locked.

    :raises Outdated: it is another, by If-Match.
    """
    if not asks_for_version(request):
        return
    # A proxy that compresses answers calls our names weak.
    known = [each.strip().removeprefix("W/") for each in request.headers["If-Match"].split(",")]
    if present not in known:
        raise Outdated("This has changed since you read it. Read it again, then change it.")
