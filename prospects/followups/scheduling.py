"""Follow-ups that are planned anew or settled, and notes about a person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.users.models import User
from core.errors import NotFound
from core.seen import Seen, refuse_unseen
from prospects.contacts.models import Contact
from prospects.followups.models import FollowUpNote
from prospects.followups.services import add_note
from prospects.pipeline.bulk import Values
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.services import acting_author, change_locked


@transaction.atomic
def reschedule_note(
    *,
    note_id: int,
    prospect_id: int,
    changes: Values,
    at: datetime,
    seen_by: User | None = None,
    seen: Seen | None = None,
) -> FollowUpNote:
    """Plan the follow-up of a note anew, settle it or open it again; its card's date follows.

    A new date opens a settled follow-up again, unless `done_at` is sent with it.

    :param changes: `scheduled_at` (None: nothing is planned any more) and `done_at` (None: it is
        still to be done); what is not named stays.
    :param seen_by: who must be able to see and change the card; None when that is certain already.
    :param seen: columns of the note as whoever asks saw them.
    :raises NotFound: there is no such card, they may not see it, or the note is not of this card.
    :raises Outdated: the note is not as they saw it.
    """
    card = lock_prospect(prospect_id, columns=("next_contact_at",), seen_by=seen_by)
    note = FollowUpNote.objects.select_for_update().filter(pk=note_id, prospect_id=card.pk).first()
    if note is None:
        raise NotFound("There is no such note on this card.")
    refuse_unseen(note, seen)
    planned = changes.get("scheduled_at")
    if planned is not None and planned != note.scheduled_at:
        changes = {"done_at": None, **changes}
    for name, value in changes.items():
        setattr(note, name, value)
    note.save(update_fields=list(changes))
    change_locked(
        card, {"next_contact_at": FollowUpNote.objects.unsettled(card.pk).earliest_plan()}, at=at
    )
    return note


@transaction.atomic
def add_contact_note(
    *,
    contact_id: int,
    note: str,
    by: User | None,
    at: datetime,
    is_pinned: bool = False,
    seen_by: User | None = None,
) -> FollowUpNote:
    """Write a note about a person. On the timeline of their card it counts as contact.

    A person without a card has the note for themselves.

    :param seen_by: who must be able to see the person; None when that is certain already.
    :raises NotFound: there is no such contact, or they may not see them.
    """
    people = Contact.objects.visible_to(seen_by, are_few=True) if seen_by else Contact.objects.all()
    contact = people.filter(pk=contact_id).only("prospect_id").first()
    if contact is None:
        raise NotFound("There is no such contact.")
    if contact.prospect_id is not None:
        return add_note(
            prospect_id=contact.prospect_id,
            contact_id=contact.pk,
            note=note,
            is_pinned=is_pinned,
            by=by,
            at=at,
            seen_by=seen_by,
        )
    return FollowUpNote.objects.create(
        contact=contact,
        note=note,
        is_pinned=is_pinned,
        created_by=acting_author(by),
        created_at=at,
    )
