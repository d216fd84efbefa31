"""What somebody who leaves was still to do, given to a colleague."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from core.models import tenant_of_written_row

# Locked in one order, so that two who write many cannot wait for each other. What is done or
# cancelled stays with whose work it was.
PENDING = """
    WITH theirs AS MATERIALIZED (
        SELECT id FROM sales_activity
        WHERE tenant_id = %(tenant_id)s AND user_id = %(from_id)s AND status = 'pending'
        ORDER BY id FOR UPDATE
    ), given AS (
        UPDATE sales_activity AS activity SET user_id = %(to_id)s
        FROM theirs WHERE activity.id = theirs.id RETURNING activity.id
    )
    SELECT count(*) FROM given
"""


def hand_over_activities_of(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give what somebody has still to do to a colleague. Returns how much that was."""
    values = {"tenant_id": tenant_of_written_row(None), "from_id": from_id, "to_id": to_id}
    with connection.cursor() as cursor:
        cursor.execute(PENDING, values)
        (count,) = cursor.fetchone()
    return int(count)
