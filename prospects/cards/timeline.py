"""The notes of a card, newest first, a page at a time."""

from __future__ import annotations

from typing import Any

from core.errors import InvalidInput
from core.kept_plans import fetch_kept
from core.tenancy import current_tenant
from prospects.followups.models import FollowUpNote

LATEST_NOTES = 100

# A column of a statement about a card `p`.
NOTES_TOTAL = "(SELECT count(*) FROM prospects_followupnote n WHERE n.prospect_id = p.id)"
NOTES = """
    SELECT n.id, n.action, n.note, n.note AS comment, n.scheduled_at AS scheduled_date, n.done_at,
           n.category_id AS follow_up_id, category.name AS follow_name,
           n.created_by_id AS created_by, author.name AS created_by_name, n.created_at,
           %(origin)s::text AS origin
    FROM prospects_followupnote n
    LEFT JOIN prospects_followupcategory category ON category.id = n.category_id
    LEFT JOIN accounts_user author ON author.id = n.created_by_id
    WHERE n.prospect_id = %(prospect_id)s AND n.tenant_id = %(tenant_id)s {before}
    ORDER BY n.created_at DESC, n.id DESC LIMIT %(limit)s
"""
BEFORE = "AND (n.created_at, n.id) < (%(created_at)s, %(before)s)"


def read_notes(prospect_id: int, *, origin: str, before: int | None = None) -> list[dict[str, Any]]:
    """Return the latest notes of a card, or those before one of its notes, as NoteSerializer does.

    :param origin: what the calendar calls the card: `prospect` or `company`.
    :param before: id of the last note that is known already.
    :raises InvalidInput: `before` is no note of this card.
    """
    params = {
        "prospect_id": prospect_id,
        "tenant_id": current_tenant(),
        "origin": origin,
        "limit": LATEST_NOTES,
    }
    if before is None:
        return fetch_kept(NOTES.format(before=""), params)
    known = FollowUpNote.objects.filter(pk=before, prospect_id=prospect_id)
    created_at = known.values_list("created_at", flat=True).first()
    if created_at is None:
        raise InvalidInput.of("notes_before", "Must be the id of a note of this card.")
    params |= {"before": before, "created_at": created_at}
    return fetch_kept(NOTES.format(before=BEFORE), params)
