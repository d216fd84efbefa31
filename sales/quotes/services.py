from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.tenants.clock import own_today
from accounts.users.models import User
from core.errors import InvalidInput
from sales.documents.announcing import announce
from sales.documents.drafting import (
    Values,
    bring_back,
    hold_contact,
    insert_document,
    lock_document,
    new_document,
)
from sales.documents.editing import change_priced
from sales.documents.lines import Line, price_lines, store_items
from sales.documents.states import Move, require
from sales.documents.telling import QUOTE_APPROVED, QUOTE_REJECTED, tell_owner
from sales.mailing.services import AS_USUAL, Letter, mail_document
from sales.quotes import states
from sales.quotes.models import Quote

# What may be changed of a quote that was sent.
ALWAYS = ("valid_until", "notes")


class ExpiredAlready(InvalidInput):
    """The day until which the draft would be valid has passed."""

    code = "expired_already"


@transaction.atomic
def create_quote(*, values: Values, lines: Sequence[Line], by: User, at: datetime) -> Quote:
    """Create a draft under the next number; without an owner or currency it gets ours.

    :param values: normalised columns; `contact_id` is needed.
    :raises InvalidInput: no such contact, deal or product, or items that cannot be priced.
    """
    quote: Quote = new_document(Quote, values, by=by, at=at)
    items = price_lines(quote, lines)
    insert_document(quote)
    store_items(quote, items)
    announce("quote.created", quote)
    return quote


@transaction.atomic
def edit_quote(
    *, quote_id: int, values: Values, by: User, at: datetime, lines: Sequence[Line] | None = None
) -> Quote:
    """Change columns and items of a quote. What is not named stays.

    A later `valid_until` brings an expired one back.

    :param lines: all its items; None leaves them.
    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: only drafts can be edited; of one that was sent dates and notes.
    :raises InvalidInput: as create_quote.
    """
    quote: Quote = lock_document(Quote, quote_id, by=by)
    change_priced(
        quote,
        values,
        lines,
        always=ALWAYS,
        edit=states.EDIT,
        annotate=states.RESCHEDULE,
        by=by,
        at=at,
    )
    return quote


@transaction.atomic
def delete_quote(*, quote_id: int, by: User, at: datetime) -> None:
    """Take a draft out of every list. Its number is not given again.

    :raises NotFound, NotAllowed, WrongState: as edit_quote.
    """
    quote = lock_document(Quote, quote_id, by=by)
    require(quote, states.DELETE, today=own_today(at))
    quote.deleted_at = at
    quote.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_quote(*, quote_id: int) -> Quote:
    """Bring a deleted draft back.

    :raises NotFound: there is no such deleted quote.
    """
    quote: Quote = bring_back(Quote, quote_id)
    return quote


@transaction.atomic
def send_quote(*, quote_id: int, by: User, at: datetime, letter: Letter = AS_USUAL) -> Quote:
    """Mail a quote to its contact: from now on its content stands. It may be sent again.

    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: it is decided, expired or cancelled.
    :raises ExpiredAlready: it would be expired at once.
    :raises ContactIsGone: the contact was deleted.
    """
    quote: Quote = lock_document(Quote, quote_id, by=by)
    today = own_today(at)
    require(quote, states.SEND, today=today)
    if quote.valid_until is not None and quote.valid_until < today:
        raise ExpiredAlready.of("valid_until", "Has passed.")
    hold_contact(quote)
    quote.status, quote.sent_at = Quote.Status.SENT, at
    quote.save(update_fields=["status", "sent_at"])
    mail_document(quote, letter, by=by, at=at)
    announce("quote.sent", quote)
    return quote


@transaction.atomic
def approve_quote(*, quote_id: int, by: User | None, at: datetime) -> Quote:
    """Note that the contact wants it; the owner is told.

    :param by: who notes it; None when the contact says so themselves.
    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: it was not sent, or is decided, expired or cancelled.
    """
    quote = _decide(quote_id, states.APPROVE, by=by, at=at)
    tell_owner(quote, QUOTE_APPROVED, once="")
    announce("quote.approved", quote)
    return quote


@transaction.atomic
def reject_quote(*, quote_id: int, by: User | None, at: datetime, reason: str = "") -> Quote:
    """Note that the contact does not want it, and why; the owner is told.

    :raises NotFound, NotAllowed, WrongState: as approve_quote.
    """
    quote = _decide(quote_id, states.REJECT, by=by, at=at, reject_reason=reason)
    tell_owner(quote, QUOTE_REJECTED, once="", detail=reason)
    announce("quote.rejected", quote)
    return quote


@transaction.atomic
def cancel_quote(*, quote_id: int, by: User, at: datetime) -> Quote:
    """Withdraw a quote that is not decided. A cancelled one stays so.

    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: it is approved, rejected or cancelled.
    """
    quote: Quote = lock_document(Quote, quote_id, by=by)
    require(quote, states.CANCEL, today=own_today(at))
    quote.status = Quote.Status.CANCELLED
    quote.save(update_fields=["status"])
    announce("quote.cancelled", quote)
    return quote


def _decide(quote_id: int, move: Move, *, by: User | None, at: datetime, **values: Any) -> Quote:
    quote: Quote = lock_document(Quote, quote_id, by=by)
    require(quote, move, today=own_today(at))
    quote.status, quote.decided_at = str(move.target), at
    for name, value in values.items():
        setattr(quote, name, value)
    quote.save(update_fields=["status", "decided_at", *values])
    return quote
