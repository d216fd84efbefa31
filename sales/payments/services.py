from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.tenants.clock import own_today
from accounts.users.models import User
from core.currencies import decimals_of
from core.errors import DomainError, InvalidInput, NotFound
from prospects.pipeline.services import acting_author
from sales.documents.amounts import round_half_up
from sales.documents.announcing import announce_payment
from sales.documents.drafting import check_parties, lock_document
from sales.documents.states import WrongState, require
from sales.invoices import states
from sales.invoices.models import Invoice
from sales.invoices.services import settle
from sales.payments.models import Payment
from sales.payments.refunds import Refund

Values = Mapping[str, Any]


class Refunded(DomainError):
    """Money of this payment went back: what it was stays as it was."""

    code = "refunded"


class NoLongerDue(DomainError):
    """The invoice takes a payment that was deleted no more."""

    code = "no_longer_due"


@transaction.atomic
def record_payment(*, invoice_id: int, values: Values, by: User, at: datetime) -> Payment:
    """Note that money came in for an invoice, now unless it says when; full payment settles it.

    Payments of one invoice take turns, so that together they never exceed it.

    :param values: normalised columns; without a contact it is the invoice's.
    :raises InvalidInput: no such invoice or contact, another currency, or more than is due.
    :raises WrongState: the invoice is a draft, paid or cancelled.
    """
    try:
        invoice: Invoice = lock_document(Invoice, invoice_id, by=by)
    except NotFound as error:
        raise InvalidInput.of("invoice_id", f"There is no invoice {invoice_id}.") from error
    require(invoice, states.PAY, today=own_today(at))
    check_parties({n: v for n, v in values.items() if n == "contact_id" and v}, by=by)
    given = {name: value for name, value in values.items() if value is not None}
    author = acting_author(by)
    payment = Payment(
        **{"contact_id": invoice.contact_id, "currency": invoice.currency, "paid_at": at, **given},
        invoice=invoice,
        created_by=author,
        created_at=at,
    )
    if payment.currency != invoice.currency:
        raise InvalidInput.of("currency", f"The invoice is in {invoice.currency}.")
    _refuse_amount(payment.amount, invoice.amount_still_due, invoice)
    payment.save()
    _recompute(invoice)
    announce_payment("payment.created", payment)
    return payment


@transaction.atomic
def edit_payment(*, payment_id: int, values: Values, by: User, at: datetime) -> Payment:
    """Change columns of a payment; its invoice follows its amount. What is not named stays.

    :raises NotFound, NotAllowed: as lock_document, of its invoice.
    :raises InvalidInput: more than is due, another currency, or no such contact.
    :raises Refunded: the amount of one that was refunded stays.
    """
    payment, invoice = _lock(payment_id, by=by)
    changed = {name: v for name, v in values.items() if getattr(payment, name) != v}
    check_parties({n: v for n, v in changed.items() if n == "contact_id"}, by=by)
    if "currency" in changed:
        raise InvalidInput.of("currency", f"The invoice is in {invoice.currency}.")
    if "amount" in changed:
        _refuse_refunded(payment, "changed")
        _refuse_amount(changed["amount"], invoice.amount_still_due + payment.amount, invoice)
    for name, value in changed.items():
        setattr(payment, name, value)
    if changed:
        payment.save()
        if "amount" in changed:
            _recompute(invoice)
        announce_payment("payment.updated", payment)
    return payment


@transaction.atomic
def delete_payment(*, payment_id: int, by: User, at: datetime) -> None:
    """Take back a payment that was noted by mistake: its invoice is owed again.

    :raises NotFound, NotAllowed: as lock_document, of its invoice.
    :raises Refunded: money went back: it has been there.
    """
    payment, invoice = _lock(payment_id, by=by)
    _refuse_refunded(payment, "deleted")
    payment.deleted_at = at
    payment.save(update_fields=["deleted_at"])
    _recompute(invoice)
    announce_payment("payment.deleted", payment)


@transaction.atomic
def restore_payment(*, payment_id: int, at: datetime) -> Payment:
    """Bring back a payment that was deleted: its invoice is owed that much less.

    :raises NotFound: there is no such deleted payment.
    :raises NoLongerDue: its invoice is cancelled, or less than the payment is due.
    """
    gone = Payment.all_objects.filter(pk=payment_id, deleted_at__isnull=False)
    invoice_id = gone.values_list("invoice", flat=True).first()
    if invoice_id is None:
        raise NotFound("There is no such deleted payment.")
    invoice: Invoice = lock_document(Invoice, invoice_id, by=None)
    payment: Payment | None = gone.first()
    if payment is None:  # restored while the lock was waited for
        raise NotFound("There is no such deleted payment.")
    state = invoice.state_on(own_today(at))
    if state not in states.PAY.sources or payment.amount > invoice.amount_still_due:
        due = f"{invoice.amount_still_due} {invoice.currency}"
        raise NoLongerDue(f"{invoice.number_text} is {state} and {due} of it are due.")
    payment.deleted_at = None
    payment.save(update_fields=["deleted_at"])
    _recompute(invoice)
    announce_payment("payment.created", payment)
    return payment


@transaction.atomic
def refund_payment(
    *,
    payment_id: int,
    by: User,
    at: datetime,
    amount: Decimal | None = None,
    reason: str = "",
) -> Payment:
    """Note that money of a payment went back: its invoice is owed that much again.

    :param amount: how much; None is all that is left of it.
    :raises NotFound, NotAllowed: as lock_document, of its invoice.
    :raises InvalidInput: more than is left of it.
    :raises WrongState: all of it went back before.
    """
    payment, invoice = _lock(payment_id, by=by)
    left = payment.amount - payment.refunded_amount
    if not left:
        raise WrongState("This payment is refunded and cannot be refunded again.")
    amount = left if amount is None else amount
    _refuse_odd(amount, invoice.currency)
    if amount > left:
        raise InvalidInput.of("amount", f"Only {left} of it is left.")
    payment.refunded_amount += amount
    is_all = payment.refunded_amount == payment.amount
    payment.status = Payment.Status.REFUNDED if is_all else Payment.Status.COMPLETED
    payment.refunded_at, payment.refund_reason = at, reason or payment.refund_reason
    payment.save()
    author = acting_author(by)
    Refund(payment=payment, amount=amount, refunded_at=at, reason=reason, created_by=author).save()
    _recompute(invoice)
    announce_payment("payment.refunded", payment)
    return payment


def _lock(payment_id: int, *, by: User) -> tuple[Payment, Invoice]:
    """Return a live payment and its invoice; the invoice is locked, and so are its payments."""
    invoice_id = Payment.objects.filter(pk=payment_id).values_list("invoice", flat=True).first()
    if invoice_id is None:
        raise NotFound("There is no such payment.")
    invoice: Invoice = lock_document(Invoice, invoice_id, by=by)
    payment: Payment | None = Payment.objects.filter(pk=payment_id).first()
    if payment is None:  # deleted while the lock was waited for
        raise NotFound("There is no such payment.")
    return payment, invoice


def _recompute(invoice: Invoice) -> None:
    invoice.amount_paid = Payment.objects.filter(invoice=invoice).kept()
    settle(invoice)


def _refuse_refunded(payment: Payment, done: str) -> None:
    if payment.refunded_amount:
        raise Refunded(f"This payment is refunded and cannot be {done}.")


def _refuse_amount(amount: Decimal, due: Decimal, invoice: Invoice) -> None:
    _refuse_odd(amount, invoice.currency)
    if amount > due:
        raise InvalidInput.of("amount", f"Only {due} {invoice.currency} are due.")


def _refuse_odd(amount: Decimal, currency: str) -> None:
    if amount <= 0 or round_half_up(amount, decimals_of(currency)) != amount:
        raise InvalidInput.of("amount", f"Is no amount of {currency}.")
