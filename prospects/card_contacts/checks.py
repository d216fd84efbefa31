"""What must always be true of a card's people; loaded when the app starts."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

from core.checks import integrity_check
from core.tenancy import current_tenant
from prospects.pipeline.people import refresh_people

# A unique index sees to it that there is at most one; a nameless one is nobody's copy.
WRONG = """
    SELECT card.id, primary_one.id
    FROM prospects_prospect card
    LEFT JOIN prospects_contact primary_one
      ON primary_one.prospect_id = card.id AND primary_one.is_primary
     AND primary_one.deleted_at IS NULL
    WHERE card.tenant_id = %s AND card.deleted_at IS NULL
      AND CASE WHEN primary_one.id IS NULL
          THEN card.name > '' OR card.email > '' OR card.phone > '' OR EXISTS (
              SELECT FROM prospects_contact WHERE prospect_id = card.id AND deleted_at IS NULL)
          ELSE (primary_one.email, primary_one.phone_code, primary_one.phone)
               IS DISTINCT FROM (card.email, card.phone_code, card.phone) END
    ORDER BY card.id
"""
# The person whose email and phone the card has, or of a card that names nobody who came first.
PROMOTE = """
    WITH first AS (
        UPDATE prospects_contact SET is_primary = true WHERE id IN (
            SELECT min(person.id)
            FROM prospects_contact person JOIN prospects_prospect card ON card.id = prospect_id
            WHERE card.id = ANY(%(ids)s) AND card.tenant_id = %(tenant_id)s
              AND person.deleted_at IS NULL
              AND ((card.name = '' AND card.email = '' AND card.phone = '')
                   OR (card.email, card.phone_code, card.phone)
                      = (person.email, person.phone_code, person.phone))
              AND NOT EXISTS (
                  SELECT FROM prospects_contact known WHERE known.prospect_id = card.id
                  AND known.is_primary AND known.deleted_at IS NULL)
            GROUP BY card.id
        ) RETURNING *
    )
    UPDATE prospects_prospect AS card
    SET name = left(trim(first.first_name || ' ' || first.last_name), 255), email = first.email,
        phone_code = first.phone_code, phone = first.phone
    FROM first
    WHERE card.id = first.prospect_id
      AND card.name = '' AND card.email = '' AND card.phone = ''
"""


@transaction.atomic
def repair_primaries() -> None:
    """Give every card its primary contact; what the card says counts where they differ."""
    ids = [card_id for card_id, _ in _wrong()]
    with connection.cursor() as cursor:
        cursor.execute(PROMOTE, {"ids": ids, "tenant_id": current_tenant()})
    refresh_people(ids)


@integrity_check("one primary contact per card", repair=repair_primaries)
def find_wrong_primaries() -> Iterator[str]:
    """Compare cards with their primary contacts, in one statement."""
    for card_id, primary_id in _wrong():
        if primary_id is None:
            yield f"card {card_id} has people, but no primary contact"
        else:
            yield f"card {card_id} has another email or phone than its contact {primary_id}"


def _wrong() -> list[tuple[int, int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(WRONG, [current_tenant()])
        return cursor.fetchall()
