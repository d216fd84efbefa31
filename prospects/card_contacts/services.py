from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.users.models import User
from core.audit import name_actor
from core.errors import DomainError, InvalidInput, NotFound
from prospects.contacts.announcing import tell_written
from prospects.contacts.keeping import refuse_kept
from prospects.contacts.models import Contact
from prospects.pipeline.bulk import Values
from prospects.pipeline.locking import lock_prospect
from prospects.pipeline.models import Prospect
from prospects.pipeline.people import contact_search_text, refresh_search_text
from prospects.pipeline.services import change_locked

# What a card copies of its primary contact, and what else says whose card it is.
PERSON = ("name", "email", "phone_code", "phone")
WHO = (*PERSON, "company_name", "external_id")
# Columns of a contact that its card follows: copied, or looked in by `search`.
COPIED = frozenset(("first_name", "last_name", "email", "phone_code", "phone"))
FOLLOWED = COPIED | {"more_emails", "more_phones"}
LONGEST_NAME = 255


class EmailTaken(DomainError):
    """Another prospect or a user of the tenant has this email."""

    code = "duplicate"


class PrimaryContactNeeded(DomainError):
    """The primary contact cannot go: others, or the card itself, hang on it."""

    code = "primary_contact"


class EmptyContact(InvalidInput):
    """A contact needs a name, an email or a phone."""


@transaction.atomic
def add_contact(
    *,
    prospect_id: int | None,
    values: Values,
    by: User | None,
    at: datetime,
    seen_by: User | None = None,
    allow_duplicate: bool = False,
) -> Contact:
    """Add a person to a card, or one who stands alone. The first of a card is its primary.

    :param prospect_id: the card; None for a contact without one.
    :param values: normalised columns of the contact.
    :param seen_by: who must be able to see and change the card; None when that is certain already.
    :param allow_duplicate: whether the email may be another prospect's or a user's.
    :raises NotFound: there is no such live card, or they may not see it.
    :raises EmptyContact: nothing says who it is.
    :raises EmailTaken: another prospect or a user has this email.
    :raises DuplicateProspect: it would be the card's own, and another card has the email or phone.
    """
    name_doer(by)
    contact = Contact(prospect_id=prospect_id, created_at=at, **values)
    _check(contact, allow_duplicate=allow_duplicate)
    if prospect_id is None:
        contact.search_text = contact_search_text(contact)
        _save(contact)
        return contact
    card = lock_prospect(prospect_id, columns=WHO, seen_by=seen_by)
    if not has_person(card):
        return make_primary(card, contact, at=at)
    _save(contact)
    refresh_search_text([card.pk])
    return contact


@transaction.atomic
def edit_contact(
    *,
    contact_id: int,
    values: Values,
    by: User | None,
    at: datetime,
    seen_by: User | None = None,
    allow_duplicate: bool = False,
) -> Contact:
    """Change columns of a contact; what is not named stays. The primary one's card follows.

    Parameters and errors are those of add_contact.
    """
    name_doer(by)
    card, contact = lock_contact(contact_id, seen_by)
    return _change(card, contact, values, at=at, allow_duplicate=allow_duplicate)


@transaction.atomic
def edit_primary(
    *, prospect_id: int, values: Values, by: User | None, at: datetime, seen_by: User | None = None
) -> Contact:
    """Change the person that a card is about; a card without one gets them.

    Parameters and errors are those of add_contact.
    """
    name_doer(by)
    card = lock_prospect(prospect_id, columns=WHO, seen_by=seen_by)
    contact = Contact.objects.filter(prospect_id=card.pk, is_primary=True).first()
    if contact is not None:
        return _change(card, contact, values, at=at)
    contact = Contact(prospect_id=card.pk, created_at=at, **values)
    _check(contact)
    return make_primary(card, contact, at=at)


@transaction.atomic
def remove_contact(
    *, contact_id: int, by: User | None, at: datetime, seen_by: User | None = None
) -> Contact:
    """Delete a contact, restorably. With the last person of a card go its name, email and phone.

    :raises NotFound: there is no such contact, or they may not see it.
    :raises PrimaryContactNeeded: it is the primary one and others exist, or nothing else says
        whose card it is: then it is the card that is to be deleted.
    :raises HasDocuments: there are documents with them that are not drafts.
    """
    name_doer(by)
    card, contact = lock_contact(contact_id, seen_by)
    if card is not None and contact.is_primary:
        _refuse_needed(card, contact)
    contact.deleted_at = at
    contact.save(update_fields=["deleted_at"])
    refuse_kept([contact.pk])
    if card is not None and contact.is_primary:
        change_locked(card, dict.fromkeys(PERSON, ""), at=at)
    elif card is not None:
        refresh_search_text([card.pk])
    return contact


@transaction.atomic
def restore_contact(
    *, contact_id: int, by: User | None, at: datetime, seen_by: User | None = None
) -> Contact:
    """Bring a deleted contact back; it is the primary one again if the card has no person now.

    :raises NotFound: there is no such deleted contact, its card is deleted, or they may not see it.
    :raises EmailTaken: another prospect or a user has got its email meanwhile.
    """
    name_doer(by)
    card, contact = lock_contact(contact_id, seen_by, is_deleted=True)
    _check(contact)
    contact.deleted_at, contact.is_primary = None, False
    contact.save(update_fields=["deleted_at", "is_primary"])
    if card is not None and not has_person(card):
        return make_primary(card, contact, at=at)
    if card is not None:
        refresh_search_text([card.pk])
    return contact


def name_doer(by: User | None) -> None:
    """Let the history tell whose change it is, whatever the door; None: nobody's."""
    if by is not None:
        name_actor(by.pk)


def person_of(contact: Contact) -> Values:
    """Return what a card copies of its primary contact, as columns of the card.

    :raises InvalidInput: first and last name together are too long for a card.
    """
    if len(contact.name) > LONGEST_NAME:
        raise InvalidInput.of("name", f"At most {LONGEST_NAME} characters.")
    return {name: getattr(contact, name) for name in PERSON}


def lock_contact(
    contact_id: int, seen_by: User | None, *, is_deleted: bool = False
) -> tuple[Prospect | None, Contact]:
    """Lock a contact's card and then the contact: the order in which everybody takes them."""
    contacts = Contact.all_objects.filter(pk=contact_id, deleted_at__isnull=not is_deleted)
    known = contacts.only("prospect_id").first()
    if known is None:
        raise NotFound("There is no such contact.")
    card = None
    if known.prospect_id is not None:
        card = lock_prospect(known.prospect_id, columns=WHO, seen_by=seen_by)
    elif seen_by is not None:
        contacts = contacts.visible_to(seen_by, are_few=True)
    locked = contacts.select_for_update(of=("self",)).filter(prospect_id=known.prospect_id).first()
    if locked is None:
        raise NotFound("There is no such contact.")
    return card, locked


def _change(
    card: Prospect | None,
    contact: Contact,
    values: Values,
    *,
    at: datetime,
    allow_duplicate: bool = False,
) -> Contact:
    changed = {name: value for name, value in values.items() if getattr(contact, name) != value}
    for name, value in changed.items():
        setattr(contact, name, value)
    _check(contact, allow_duplicate=allow_duplicate or "email" not in changed)
    if card is None and changed:
        contact.search_text = changed["search_text"] = contact_search_text(contact)
    contact.save(update_fields=list(changed))
    if card is not None and contact.is_primary and COPIED & changed.keys():
        change_locked(card, person_of(contact), at=at)  # which tells of the contact too
        return contact
    if card is not None and FOLLOWED & changed.keys():
        refresh_search_text([card.pk])
    if changed:
        tell_written(updated=[contact.pk])
    return contact


def _check(contact: Contact, *, allow_duplicate: bool = False) -> None:
    if not contact.has_identity:
        raise EmptyContact("A contact needs a name, an email or a phone.")
    if contact.email and not allow_duplicate:
        _refuse_taken(contact.email, besides=contact.prospect_id)


def _refuse_taken(email: str, *, besides: int | None) -> None:
    others = Prospect.objects.filter(email=email).exclude(pk=besides)
    for taken, message in (
        (others, "Another prospect has this email."),
        (User.objects.filter(email=email), "A user has this email."),
    ):
        if taken.exists():
            raise EmailTaken(message, fields={"email": [message]})


def _save(contact: Contact) -> None:
    """Save a whole contact; one that is new is told of."""
    is_new = contact.pk is None
    contact.save()
    if is_new:
        tell_written(created=[contact.pk])


def are_others(contact: Contact) -> bool:
    """Whether other people stand on the contact's card."""
    others = Contact.objects.filter(prospect_id=contact.prospect_id).exclude(pk=contact.pk)
    return contact.prospect_id is not None and others.exists()


def _refuse_needed(card: Prospect, contact: Contact) -> None:
    if are_others(contact):
        raise PrimaryContactNeeded("The primary contact cannot be deleted while others exist.")
    if not (card.company_name or card.external_id):
        raise PrimaryContactNeeded(
            "Nothing else says whose card this is: delete the prospect instead."
        )


def has_person(card: Prospect) -> bool:
    """Whether a card says who it is about."""
    return any(getattr(card, name) for name in PERSON)


def make_primary(card: Prospect, contact: Contact, *, at: datetime) -> Contact:
    """Make somebody the person of a card that has none; one without a name gives way."""
    nameless = Contact.objects.filter(prospect_id=card.pk, is_primary=True)
    nameless.exclude(pk=contact.pk).update(deleted_at=at)
    contact.is_primary = True
    _save(contact)
    change_locked(card, person_of(contact), at=at)
    return contact
