"""The deals of somebody who leaves, given to a colleague."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from core.models import tenant_of_written_row

# Locked in one order, so that two who write many cannot wait for each other. What was deleted
# changes hands too, for whoever restores it, but is not counted.
DEALS = """
    WITH theirs AS MATERIALIZED (
        SELECT id FROM sales_deal
        WHERE tenant_id = %(tenant_id)s AND owner_id = %(from_id)s ORDER BY id FOR UPDATE
    ), given AS (
        UPDATE sales_deal AS deal SET owner_id = %(to_id)s
        FROM theirs WHERE deal.id = theirs.id RETURNING deal.deleted_at
    )
    SELECT count(*) FILTER (WHERE deleted_at IS NULL) FROM given
"""


def hand_over_deals_of(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give somebody's deals to a colleague. Returns how many live ones they were."""
    values = {"tenant_id": tenant_of_written_row(None), "from_id": from_id, "to_id": to_id}
    with connection.cursor() as cursor:
        cursor.execute(DEALS, values)
        (count,) = cursor.fetchone()
    return int(count)
