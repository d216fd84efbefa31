"""What can be done to all rows of a list. `accounts` knows nobody above it: the apps above say what
they can do, each once, when they are loaded (`add_kind`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.errors import NotFound


@dataclass
class Outcome:
    """What became of some rows: how many were changed, how many were not and why."""

    changed: int = 0
    refused: Counter[str] = field(default_factory=Counter)


# (ids, what was filled in, who asks, when the job was asked for) → what became of them, all in the
# surrounding transaction. Only rows that they may change are; raising DomainError ends the job.
DoSome = Callable[[list[int], dict[str, Any], Any, datetime], Outcome]


@dataclass(frozen=True)
class Kind:
    """Something that is done to many rows."""

    name: str
    label: Any
    permission: str
    do: DoSome | None = None  # None: nothing is changed, it is an export
    tell: Callable[[Any], None] | None = None  # whom it came to, once, when the job has ended


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    """Declare what can be done, when its app is loaded."""
    _kinds[kind.name] = kind


def get_kind(name: str) -> Kind:
    """Return what a job does.

    :raises NotFound: nobody can do that any more.
    """
    if name not in _kinds:
        raise NotFound("There is no such work.")
    return _kinds[name]
