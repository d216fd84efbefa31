"""What may be done to a document depends on its state; each kind lists its moves in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import DomainError


class WrongState(DomainError):
    """The document is in a state in which this cannot be done; the message names it."""

    code = "wrong_state"


@dataclass(frozen=True)
class Move:
    """Something that is done to a document: in which states, and what it is afterwards."""

    done: str  # as in "cannot be approved"
    sources: tuple[str, ...]
    target: str | None = None


def require(document: Any, move: Move, *, today: date) -> None:
    """Refuse what cannot be done to a document in the state that it has today.

    :raises WrongState: naming the state, and those in which it could.
    """
    state = document.state_on(today)
    if state in move.sources:
        return
    allowed = " or ".join(move.sources)
    raise WrongState(
        f"{document.number_text} is {state} and cannot be {move.done}: only {allowed} ones can."
    )
