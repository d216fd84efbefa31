"""The events of somebody who leaves, given to a colleague."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from core.models import tenant_of_written_row

# Locked in one order, so that two who write many cannot wait for each other. What has taken place
# stays whose it was. Their own seats are free without more: who may not sign in takes none.
UPCOMING = """
    WITH theirs AS MATERIALIZED (
        SELECT id FROM sales_event
        WHERE tenant_id = %(tenant_id)s AND owner_id = %(from_id)s AND end_at > %(at)s
          AND deleted_at IS NULL
        ORDER BY id FOR UPDATE
    ), given AS (
        UPDATE sales_event AS event SET owner_id = %(to_id)s
        FROM theirs WHERE event.id = theirs.id RETURNING event.id
    )
    SELECT count(*) FROM given
"""


def hand_over_events_of(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give somebody's events that are not over to a colleague. Returns how many they were."""
    tenant_id = tenant_of_written_row(None)
    values: dict[str, Any] = {"tenant_id": tenant_id, "from_id": from_id, "to_id": to_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(UPCOMING, values)
        (count,) = cursor.fetchone()
    return int(count)
