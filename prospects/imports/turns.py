"""Batches of one tenant take turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction

from core.tenancy import current_tenant

_IMPORTS = 0x494D50  # tells this lock from others that are named after a tenant
_TRIES = 3
_PASSING = ("DeadlockDetected", "SerializationFailure", "UniqueViolation")

Result = TypeVar("Result")


def take_turn() -> None:
    """Wait until no other batch of the tenant acted for is being written.

    The turn ends with the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_IMPORTS, current_tenant()])


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
