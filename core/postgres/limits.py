"""How long a statement may take, by who waits for it.

The server stops one that takes longer, waiting for locks included, and its transaction is undone.
The limit is a setting of the session, told to the server only when it changes.
"""

from __future__ import annotations

from contextvars import ContextVar

_limit: ContextVar[float] = ContextVar("statement seconds")
_usual: list[float] = [0]  # of this process


def limit_statements(seconds: float) -> None:
    """Let statements of this thread take so long; 0: as long as they take."""
    _limit.set(seconds)


def limit_process(seconds: float) -> None:
    """Let statements of this process take so long, where nothing else is said."""
    _usual[0] = seconds


def statement_limit() -> float:
    """Seconds that the next statement may take."""
    return _limit.get(_usual[0])
