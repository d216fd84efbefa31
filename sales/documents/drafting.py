"""What quotes, invoices and contracts share when they are written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from accounts.tenants.currency import own_currency
from accounts.users.models import User
from core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from prospects.contacts.models import Contact
from prospects.pipeline.services import acting_author
from sales.deals.models import Deal
from sales.documents.numbering import next_number
from sales.documents.states import Move, require

Values = Mapping[str, Any]


class ContactIsGone(DomainError):
    """The person with whom the document would be agreed was deleted."""

    code = "contact_deleted"


def new_document(model: Any, values: Values, *, by: User, at: datetime) -> Any:
    """Return a draft that is not stored yet; without an owner or currency it gets ours.

    :raises InvalidInput: no contact, or `by` does not see the contact or deal.
    """
    if not values.get("contact_id"):
        raise InvalidInput.of("contact_id", "This field is required.")
    check_parties(values, by=by)
    author = acting_author(by)
    document = model(created_by=author, owner=author, created_at=at)
    for name, value in values.items():
        setattr(document, name, value)
    document.currency = document.currency or own_currency()
    return document


def insert_document(document: Any) -> None:
    """Store a draft under the next number; its row is locked for as short as can be."""
    document.number = next_number(document.KIND)
    document.save(force_insert=True)


def lock_document(model: Any, pk: int, *, by: User | None) -> Any:
    """Return a live document, locked until the transaction ends.

    :param by: who writes; None when it is certain that they may.
    :raises NotFound: there is no such document, or `by` may not see it.
    :raises NotAllowed: `by` may see it, but not change it.
    """
    documents = model.objects if by is None else model.objects.changeable_by(by)
    document = documents.select_for_update(of=("self",)).filter(pk=pk).first()
    if document is not None:
        return document
    noun = model._meta.model_name
    if by is not None and model.objects.visible_to(by).filter(pk=pk).exists():
        raise NotAllowed(f"You may look at this {noun}, not change it.")
    raise NotFound(f"There is no such {noun}.")


def bring_back(model: Any, pk: int) -> Any:
    """Take a deleted draft back into every list, as it was, under its own number.

    :raises NotFound: there is no such deleted document.
    """
    gone = model.all_objects.filter(deleted_at__isnull=False).select_for_update(of=("self",))
    document = gone.filter(pk=pk).first()
    if document is None:
        raise NotFound(f"There is no such deleted {model._meta.model_name}.")
    document.deleted_at = None
    document.save(update_fields=["deleted_at"])
    return document


def change_document(
    document: Any,
    values: Values,
    *,
    always: Collection[str],
    edit: Move,
    annotate: Move,
    by: User,
    today: date,
) -> list[str]:
    """Change columns of a locked document in memory; return which.

    What is sent as it is already is no change: programs send whole documents back.

    :param always: what may be changed after it was sent, too.
    :param edit: when the rest may.
    :raises WrongState, InvalidInput: it may not be changed now, or not to this.
    """
    changed = {name: value for name, value in values.items() if getattr(document, name) != value}
    if changed:
        require(document, annotate if changed.keys() <= set(always) else edit, today=today)
    check_parties(changed, by=by)
    for name, value in changed.items():
        setattr(document, name, value)
    return list(changed)


def check_parties(values: Values, *, by: User) -> None:
    """Refuse a contact or deal that `by` does not see.

    :raises InvalidInput: naming it.
    """
    seen = (
        ("contact_id", Contact.objects.visible_to(by, are_few=True)),
        ("deal_id", Deal.objects.visible_to(by)),
    )
    for name, rows in seen:
        pk = values.get(name)
        if name in values and pk is None and name == "contact_id":
            raise InvalidInput.of(name, "This field may not be null.")
        if pk is not None and not rows.filter(pk=pk).exists():
            raise InvalidInput.of(name, f"There is no {name.removesuffix('_id')} {pk}.")


def hold_contact(document: Any) -> None:
    """Make sure that the contact lives, and cannot be deleted before this transaction ends.

    Whoever deletes people locks them first and looks for their documents then.

    :raises ContactIsGone: they were deleted.
    """
    people = Contact.objects.select_for_update(of=("self",), no_key=True)
    if not people.filter(pk=document.contact_id).values_list("pk", flat=True).first():
        raise ContactIsGone(f"The contact of {document.number_text} was deleted.")
