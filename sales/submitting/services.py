from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.users.models import User
from core.errors import NotFound
from prospects.card_contacts.services import add_contact, edit_contact
from prospects.contacts.models import Contact
from prospects.followups.models import FollowUpNote
from prospects.followups.scheduling import add_contact_note
from prospects.pipeline.services import DuplicateProspect, create_prospect
from sales.contacts.scoring import refresh_scores
from sales.contacts.services import take_turn
from sales.forms.models import LONGEST_BROWSER, LONGEST_ORIGIN, FormSubmission, WebForm
from sales.forms.services import lock_form
from sales.submitting.reading import Person, keep_data, read_person
from sales.submitting.telling import tell_submitted
from sales.submitting.turns import anybody_of, next_in_turn, pass_on

CHANNEL = "web form"  # of the cards that forms open
LONGEST_SOURCE = 100
REACHED = ("email", "phone_code", "phone")  # columns that a card has of its person


@dataclass(frozen=True)
class Visitor:
    """Who sent a form, as far as that can be known."""

    ip_address: str | None
    user_agent: str
    origin: str = ""

    def columns(self) -> dict[str, Any]:
        """As columns of a submission."""
        return {
            "ip_address": self.ip_address,
            "user_agent": self.user_agent.replace("\x00", "")[:LONGEST_BROWSER],
            "origin": self.origin[:LONGEST_ORIGIN],
        }


@dataclass(frozen=True)
class Receipt:
    """What a visitor is told; it looks the same whatever became of what they sent.

    Of a new contact it is their id and who looks after them. Of somebody who was known, and for a
    program, the id is a fresh one that leads nowhere, and the name by chance one of the form's:
    the answer says neither whom the tenant knows, nor that somebody was seen through.
    """

    submission_id: int
    contact_id: int
    assigned_to: str | None


@transaction.atomic
def submit_form(
    *, form: WebForm, sent: Mapping[str, Any], visitor: Visitor, at: datetime
) -> Receipt:
    """Take what a visitor sent: the contact with its email is found, or made.

    Nothing is changed of a contact who is known: what was sent stands beside them, and whoever owns
    them gets it. A new one is assigned in turns and, if the form says so, gets a card on the board
    unless another card has their phone. A message becomes a note.

    :raises NotFound: the form was deleted or switched off meanwhile.
    :raises InvalidInput: naming each field that is missing or wrong.
    """
    data = keep_data(sent)
    person = read_person(form.fields.all(), data, region=form.tenant.country_code)
    form = lock_form(form.pk)
    if not form.is_active:
        raise NotFound("There is no such form.")
    turn = next_in_turn(form)
    contact, was_known = _find_or_make(form, person, turn, at)
    owner = _owner(contact) if contact is not None and was_known else None
    if turn is not None and owner is None:
        pass_on(form, turn)
    submission = FormSubmission.objects.create(
        form=form,
        data=data,
        contact=contact,
        was_known=was_known,
        assigned_to=owner or turn,
        created_at=at,
        **visitor.columns(),
    )
    if contact is not None:
        _note(contact, f"{form.name}: {person.message}" if person.message else "", was_known, at)
    tell_submitted(submission, said=person.message)
    shown_id = _nobodys_id() if contact is None or was_known else contact.pk
    shown = turn if owner is None else anybody_of(form)
    return Receipt(submission.pk, shown_id, shown.name if shown else None)


@transaction.atomic
def keep_rejected(
    *, form: WebForm, sent: Mapping[str, Any], reason: str, visitor: Visitor
) -> Receipt:
    """Keep what a program sent for whoever wonders; nothing else comes of it.

    :raises InvalidInput: it is more than a form holds.
    """
    submission = FormSubmission.objects.create(
        form=form,
        data=keep_data(sent),
        state=FormSubmission.State.REJECTED,
        reason=reason,
        **visitor.columns(),
    )
    shown = anybody_of(form)
    return Receipt(submission.pk, _nobodys_id(), shown.name if shown else None)


def _find_known(email: str) -> Contact | None:
    """Find who has this email. Whoever else sends it waits until we are done."""
    if not email:
        return None
    take_turn([email])
    people = Contact.objects.with_email([email]).select_related("owner", "prospect__owner")
    found: Contact | None = people.order_by("pk").first()
    return found


def _find_or_make(
    form: WebForm, person: Person, owner: User | None, at: datetime
) -> tuple[Contact | None, bool]:
    """Return who sent it, and whether they were known; None if nothing says who it is."""
    known = _find_known(person.email)
    if known is not None:
        return known, True
    values = {**person.columns, "source": form.name[:LONGEST_SOURCE]}
    if not any(values.get(name) for name in ("first_name", "last_name", "email", "phone")):
        return None, False
    if form.opens_prospect:
        try:
            return _open_card(person, values, owner, at), False
        except DuplicateProspect:
            known = _find_known(person.email)  # of a card that was being made just then
            if known is not None:
                return known, True
    owned = {**values, "owner_id": owner.pk if owner else None}
    made = add_contact(prospect_id=None, values=owned, by=None, at=at, allow_duplicate=True)
    refresh_scores([made.pk], at=at)
    return made, False


def _open_card(person: Person, values: dict[str, Any], owner: User | None, at: datetime) -> Contact:
    """Create a card with the person.

    :raises DuplicateProspect: another card has their email or phone.
    """
    name = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
    reached: dict[str, Any] = {key: values[key] for key in REACHED if key in values}
    card: dict[str, Any] = {
        "name": name,
        "company_name": person.company_name,
        "channel": CHANNEL,
        "owner_id": owner.pk if owner else None,
        **reached,
    }
    made = create_prospect(values=card, at=at)
    contact = Contact.objects.get(prospect=made, is_primary=True)
    names = {key: value for key, value in values.items() if key not in reached}
    edited = edit_contact(contact_id=contact.pk, values=names, by=None, at=at, allow_duplicate=True)
    refresh_scores([contact.pk], at=at)
    return edited


def _owner(contact: Contact) -> User | None:
    """Who looks after somebody: their owner or, without one, their card's; nobody who has left."""
    owner = contact.owner or (contact.prospect.owner if contact.prospect else None)
    return owner if owner is not None and owner.is_active else None


def _note(contact: Contact, text: str, was_known: bool, at: datetime) -> None:
    """Write down what somebody said.

    Of somebody who was known it is a note about them alone: it does not count as being in touch,
    by which a stranger who knows an address could settle what is still to be done.
    """
    if not text:
        return
    if was_known:
        FollowUpNote.objects.create(contact=contact, note=text, created_at=at)
    else:
        add_contact_note(contact_id=contact.pk, note=text, by=None, at=at)


def _nobodys_id() -> int:
    """Return an id that no contact has or will have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('prospects_contact', 'id'))")
        (number,) = cursor.fetchone()
    return int(number)
