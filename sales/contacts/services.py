from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from accounts.users.models import User
from core.errors import DomainError
from core.tenancy import current_tenant
from prospects.card_contacts.moving import move_contact
from prospects.card_contacts.services import add_contact, edit_contact
from prospects.contacts.models import Contact
from prospects.followups.scheduling import add_contact_note
from prospects.pipeline.bulk import Values
from sales.contacts.scoring import refresh_scores

# Those who write the same address take turns until their transactions end.
TAKE_TURN = """
    SELECT pg_advisory_xact_lock(hashtextextended(email, %s))
    FROM unnest(%s::text[]) AS email ORDER BY email
"""


class DuplicateContact(DomainError):
    """A contact that the caller sees has this email."""

    code = "duplicate"


class Created(NamedTuple):
    """The id of a new contact, and of the one that has had its email before."""

    contact_id: int
    duplicate_of: int | None


@transaction.atomic
def create_contact(
    *,
    values: Values,
    prospect_id: int | None,
    by: User,
    at: datetime,
    allow_duplicate: bool = True,
) -> Created:
    """Create a contact, on a card or alone; without an owner it is the creator's.

    :param values: normalised columns.
    :param allow_duplicate: whether a contact that `by` sees may have one of its emails.
    :raises DuplicateContact: one has, and it may not: nothing is created.
    :raises NotFound: there is no such card, or they may not see it.
    :raises DuplicateProspect: it would be the card's own person, and another card has the email.
    """
    duplicate_of = _find_duplicate(values, by)
    if duplicate_of is not None and not allow_duplicate:
        message = f"Contact {duplicate_of} has this email."
        raise DuplicateContact(message, fields={"emails": [message]})
    contact = add_contact(
        prospect_id=prospect_id,
        values={"owner_id": by.pk, "created_by_id": by.pk, **values},
        by=by,
        at=at,
        seen_by=by,
        allow_duplicate=True,
    )
    refresh_scores([contact.pk], at=at)
    return Created(contact.pk, duplicate_of)


@transaction.atomic
def update_contact(
    *, contact_id: int, values: Values, by: User, at: datetime, **company: int | None
) -> None:
    """Change columns of a contact; what is not named stays.

    :param company: `prospect_id`, the card on which it is to hang; None takes it off its card.
    :raises NotFound: there is no such contact or card, or they may not see it.
    :raises DuplicateProspect: it is a card's own person, and another card has the email or phone.
    :raises PrimaryContactNeeded: a card's own person cannot leave the card.
    """
    if "prospect_id" in company:
        move_contact(contact_id=contact_id, by=by, at=at, seen_by=by, **company)
    edit_contact(
        contact_id=contact_id, values=values, by=by, at=at, seen_by=by, allow_duplicate=True
    )
    refresh_scores([contact_id], at=at)


@transaction.atomic
def note_contact(*, contact_id: int, body: str, is_pinned: bool, by: User, at: datetime) -> int:
    """Write a note about a contact; it counts as an interaction with them. Returns its id.

    :raises NotFound: there is no such contact, or they may not see it.
    :raises NotAllowed: its card was shared with them for looking only.
    """
    note = add_contact_note(
        contact_id=contact_id, note=body, is_pinned=is_pinned, by=by, at=at, seen_by=by
    )
    refresh_scores([contact_id], at=at)
    return int(note.pk)


def _find_duplicate(values: Values, by: User) -> int | None:
    emails = [email for email in (values.get("email"), *values.get("more_emails", ())) if email]
    if not emails:
        return None
    take_turn(emails)
    known = Contact.objects.visible_to(by, are_few=True).with_email(emails).order_by("pk")
    return known.values_list("pk", flat=True).first()


def take_turn(emails: Collection[str]) -> None:
    """Wait until nobody else writes contacts with these addresses; they wait for us from now on."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TURN, [current_tenant(), sorted(emails)])
