"""What tenants' own systems can be told about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_known: dict[str, Any] = {}


def add_events(events: Mapping[str, Any]) -> None:
    """Declare events, when their app is loaded: `{"deal.won": _("Deal won")}`.

    A name is `thing.done`. What is emitted as `thing.created` is not also told as `thing.updated`
    by the same transaction.
    """
    _known.update(events)


def known_events() -> dict[str, Any]:
    """Return every event with what people call it, by name."""
    return dict(sorted(_known.items()))
