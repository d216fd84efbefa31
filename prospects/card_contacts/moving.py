"""A person who comes to a card, changes to another or leaves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.users.models import User
from prospects.card_contacts.services import (
    WHO,
    PrimaryContactNeeded,
    has_person,
    lock_contact,
    make_primary,
    name_doer,
)
from prospects.contacts.announcing import tell_written
from prospects.contacts.models import Contact
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.people import contact_search_text, refresh_search_text


@transaction.atomic
def move_contact(
    *,
    contact_id: int,
    prospect_id: int | None,
    by: User | None,
    at: datetime,
    seen_by: User | None = None,
) -> Contact:
    """Hang a contact on a card, where it is the primary one if the card has no person; None: on
    none. Its notes stay where they were written.

    :param seen_by: who must be able to see both cards and the contact; None when that is certain.
    :raises NotFound: there is no such contact or card, or they may not see it.
    :raises PrimaryContactNeeded: it is the primary one of its card.
    :raises DuplicateProspect: it would be the card's own, and another card has the email or phone.
    """
    name_doer(by)
    old, contact = lock_contact(contact_id, seen_by)
    if contact.prospect_id == prospect_id:
        return contact
    if contact.is_primary:
        raise PrimaryContactNeeded("The primary contact cannot leave its card.")
    contact.prospect_id = prospect_id
    card = None
    if prospect_id is None:
        contact.search_text = contact_search_text(contact)
    else:
        card = lock_prospect(prospect_id, columns=WHO, seen_by=seen_by)
    contact.save(update_fields=["prospect_id", "search_text"])
    if card is not None and not has_person(card):
        make_primary(card, contact, at=at)
    refresh_search_text([each.pk for each in (old, card) if each is not None])
    tell_written(updated=[contact.pk])
    return contact
