"""What somebody saw before they changed it: two who change one thing learn of each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import Outdated

Seen = Mapping[str, Any]


def refuse_unseen(row: Any, seen: Seen | None) -> None:
    """See whether a row, which is locked, is still as whoever changes it saw it.

    :param seen: columns of the row and what they held; None: whatever they hold.
    :raises Outdated: one of them holds something else now.
    """
    if any(getattr(row, name) != value for name, value in (seen or {}).items()):
        raise Outdated("This has changed since you saw it.")
