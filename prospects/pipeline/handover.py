"""What somebody who leaves looked after, given to a colleague."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from core.models import tenant_of_written_row
from prospects.pipeline.telling import tell_of_many

# Rows are locked in one order, so that two who write many cannot wait for each other. What was
# deleted changes hands too, for whoever restores it, but is not counted.
CARDS = """
    WITH theirs AS MATERIALIZED (
        SELECT id FROM prospects_prospect
        WHERE tenant_id = %(tenant_id)s AND owner_id = %(from_id)s ORDER BY id FOR UPDATE
    ), given AS (
        UPDATE prospects_prospect AS card SET owner_id = %(to_id)s
        FROM theirs WHERE card.id = theirs.id RETURNING card.deleted_at
    )
    SELECT count(*) FILTER (WHERE deleted_at IS NULL) FROM given
"""
CONTACTS = """
    WITH theirs AS MATERIALIZED (
        SELECT id FROM prospects_contact
        WHERE tenant_id = %(tenant_id)s AND owner_id = %(from_id)s ORDER BY id FOR UPDATE
    ), given AS (
        UPDATE prospects_contact AS person SET owner_id = %(to_id)s
        FROM theirs WHERE person.id = theirs.id RETURNING person.deleted_at
    )
    SELECT count(*) FILTER (WHERE deleted_at IS NULL) FROM given
"""
PARTS = """
    WITH given AS (
        UPDATE prospects_teamassignment SET user_id = %(to_id)s
        WHERE tenant_id = %(tenant_id)s AND user_id = %(from_id)s RETURNING id
    )
    SELECT count(*) FROM given
"""


def hand_over_cards_of(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give somebody's cards to a colleague, who is told. Returns how many live ones they were."""
    count = _run(CARDS, from_id, to_id)
    if count:
        tell_of_many({to_id: count}, key=f"handed_over:{from_id}:{at.isoformat()}")
    return count


def hand_over_contacts_of(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give somebody's contacts to a colleague."""
    return _run(CONTACTS, from_id, to_id)


def hand_over_parts_of(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give somebody's parts in the teams of cards to a colleague."""
    return _run(PARTS, from_id, to_id)


def _run(sql: str, from_id: int, to_id: int) -> int:
    values: dict[str, Any] = {"from_id": from_id, "to_id": to_id}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "tenant_id": tenant_of_written_row(None)})
        (count,) = cursor.fetchone()
    return int(count)
