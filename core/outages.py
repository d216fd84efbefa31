"""The database is away: nobody who asked did anything wrong, and asking again soon will help."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError

ASK_AGAIN_AFTER = 2  # seconds
WORDS = "The database does not answer now. Nothing is wrong with the request: send it again."
# SQLSTATE: connections, shutdowns and recovery, too many connections, too little memory or disk.
_CLASSES = ("08", "53", "57P")


def is_outage(error: BaseException | None) -> bool:
    """Whether a connection could not be made, or was lost in the middle.

    What was lost at COMMIT may have been done: only an Idempotency-Key, or a look, tells.
    """
    if isinstance(error, InterfaceError | psycopg.InterfaceError):
        return True  # said of a connection that was lost before
    if not isinstance(error, OperationalError | psycopg.OperationalError):
        return False
    cause: Any = error.__cause__ if isinstance(error, OperationalError) else error
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(_CLASSES)


def was_stopped(error: Any) -> bool:
    """Whether the database stopped a statement that took too long."""
    cause = type(getattr(error, "__cause__", None)).__name__
    return isinstance(error, OperationalError) and cause == "QueryCanceled"
