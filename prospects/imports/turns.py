"""Batches of one tenant take turns."""

from __future__ import annotations

from django.db import connection

from core.tenancy import current_tenant

_IMPORTS = 0x494D50  # tells this lock from others that are named after a tenant


def take_turn() -> None:
    """Wait until no other batch of the tenant acted for is being written.

    The turn ends with the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_IMPORTS, current_tenant()])
