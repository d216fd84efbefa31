"""Transactions that are run again when somebody else's writing broke them off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction

_TRIES = 3
_PASSING = ("DeadlockDetected", "SerializationFailure", "UniqueViolation")

Result = TypeVar("Result")


def in_transaction(work: Callable[[], Result]) -> Result:
    """Run `work` in a transaction, and again if somebody else's writing broke it off.

    That is a deadlock with people who move cards, or a key that was taken between look and write.
    """
    for _ in range(_TRIES - 1):
        try:
            with transaction.atomic():
                return work()
        except (OperationalError, IntegrityError) as error:
            if type(error.__cause__).__name__ not in _PASSING:
                raise
    with transaction.atomic():
        return work()
