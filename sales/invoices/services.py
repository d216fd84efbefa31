from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

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
from sales.documents.lines import Line, lines_of, price_lines, store_items
from sales.documents.states import WrongState, require
from sales.documents.telling import INVOICE_PAID, tell_owner
from sales.invoices import states
from sales.invoices.models import Invoice
from sales.mailing.services import AS_USUAL, Letter, mail_document
from sales.quotes.billing import (
    hold_place,
    lock_approved,
    refuse_second,
    require_currency,
    taken_over,
)

# What may be changed of an invoice that was sent.
ALWAYS = ("issued_at", "due_at", "notes")


class HasPayments(WrongState):
    """Money came in for the invoice: it has to go back before."""


@transaction.atomic
def create_invoice(
    *,
    values: Values,
    by: User,
    at: datetime,
    lines: Sequence[Line] | None = None,
    quote_id: int | None = None,
) -> Invoice:
    """Create a draft under the next number, issued today unless it says otherwise.

    :param values: normalised columns; `contact_id` is needed without a quote.
    :param lines: its items; None takes those of the quote.
    :param quote_id: an approved quote that it bills; what is not sent is taken over from there.
    :raises InvalidInput: no such contact, deal, quote or product, items that cannot be priced,
        those of a quote in another currency, or a due date before the issue.
    :raises WrongState: the quote is not approved.
    :raises BilledAlready: the quote was made into an invoice before.
    """
    quote = None if quote_id is None else lock_approved(quote_id, by=by, at=at)
    known: list[Line] = []
    if quote is not None:
        refuse_second(quote, Invoice.objects)
        values, known = taken_over(quote, values, by=by), lines_of(quote)
        if lines is None:
            require_currency(quote, values)
            lines = known
    issued = {"issued_at": own_today(at)}
    invoice: Invoice = new_document(Invoice, {**issued, **values}, by=by, at=at)
    invoice.quote = quote
    _check_dates(invoice)
    items = price_lines(invoice, lines or (), known=known)
    insert_document(invoice)
    store_items(invoice, items)
    announce("invoice.created", invoice)
    return invoice


@transaction.atomic
def edit_invoice(
    *, invoice_id: int, values: Values, by: User, at: datetime, lines: Sequence[Line] | None = None
) -> Invoice:
    """Change columns and items of an invoice. What is not named stays.

    A later `due_at` makes an overdue one wait again.

    :param lines: all its items; None leaves them.
    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: only drafts can be edited; of one that was sent dates and notes.
    :raises InvalidInput: as create_invoice.
    """
    invoice: Invoice = lock_document(Invoice, invoice_id, by=by)
    dates = {name: values.get(name, getattr(invoice, name)) for name in ("issued_at", "due_at")}
    _check_dates(Invoice(**dates))
    change_priced(
        invoice,
        values,
        lines,
        always=ALWAYS,
        edit=states.EDIT,
        annotate=states.RESCHEDULE,
        by=by,
        at=at,
    )
    return invoice


@transaction.atomic
def delete_invoice(*, invoice_id: int, by: User, at: datetime) -> None:
    """Take a draft out of every list. Its number is not given again.

    :raises NotFound, NotAllowed, WrongState: as edit_invoice.
    """
    invoice = lock_document(Invoice, invoice_id, by=by)
    require(invoice, states.DELETE, today=own_today(at))
    invoice.deleted_at = at
    invoice.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_invoice(*, invoice_id: int) -> Invoice:
    """Bring a deleted draft back.

    :raises NotFound: there is no such deleted invoice.
    :raises BilledAlready: its quote was made into another one meanwhile.
    """
    hold_place(invoice_id, Invoice)
    invoice: Invoice = bring_back(Invoice, invoice_id)
    return invoice


@transaction.atomic
def send_invoice(*, invoice_id: int, by: User, at: datetime, letter: Letter = AS_USUAL) -> Invoice:
    """Mail an invoice to its contact: from now on it is owed. It may be sent again.

    One over nothing is paid at once.

    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: it is paid or cancelled.
    :raises ContactIsGone: the contact was deleted.
    """
    invoice: Invoice = lock_document(Invoice, invoice_id, by=by)
    require(invoice, states.SEND, today=own_today(at))
    hold_contact(invoice)
    invoice.sent_at = at
    invoice.save(update_fields=["sent_at"])
    settle(invoice)
    mail_document(invoice, letter, by=by, at=at)
    announce("invoice.sent", invoice)
    return invoice


@transaction.atomic
def cancel_invoice(*, invoice_id: int, by: User, at: datetime) -> Invoice:
    """Declare that an invoice is not owed. A cancelled one stays so.

    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: it is paid or cancelled, or payments were made.
    """
    invoice: Invoice = lock_document(Invoice, invoice_id, by=by)
    today = own_today(at)
    require(invoice, states.CANCEL, today=today)
    if invoice.amount_paid:
        raise HasPayments(
            f"{invoice.number_text} is {invoice.state_on(today)} and has payments: "
            "refund them before it is cancelled."
        )
    invoice.status = Invoice.Status.CANCELLED
    invoice.save(update_fields=["status"])
    announce("invoice.cancelled", invoice)
    return invoice


def settle(invoice: Invoice) -> None:
    """Store what a locked invoice, that was sent, is after its payments changed: paid or owed.

    A cancelled one stays so. The owner is told when it is paid.
    """
    before = invoice.status
    is_paid = invoice.amount_paid >= invoice.total and before != Invoice.Status.CANCELLED
    if before != Invoice.Status.CANCELLED:
        invoice.status = Invoice.Status.PAID if is_paid else Invoice.Status.SENT
    invoice.save(update_fields=["status", "amount_paid"])
    if is_paid and before != Invoice.Status.PAID:
        # One that is paid again after a refund is another payment's event.
        last = invoice.payments.order_by("pk").values_list("pk", flat=True).last()
        tell_owner(invoice, INVOICE_PAID, once=str(last or invoice.sent_at))
        announce("invoice.paid", invoice)


def _check_dates(invoice: Invoice) -> None:
    if invoice.issued_at is None:
        raise InvalidInput.of("issued_at", "This field may not be null.")
    if invoice.due_at is not None and invoice.due_at < invoice.issued_at:
        raise InvalidInput.of("due_at", "Must not be before the day of issue.")
