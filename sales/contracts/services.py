from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.tenants.clock import own_today
from accounts.users.models import User
from core.errors import InvalidInput
from sales.contracts import states
from sales.contracts.models import Contract
from sales.documents.announcing import announce
from sales.documents.drafting import (
    Values,
    bring_back,
    change_document,
    hold_contact,
    insert_document,
    lock_document,
    new_document,
)
from sales.documents.states import require
from sales.mailing.services import AS_USUAL, Letter, mail_document
from sales.quotes.billing import (
    hold_place,
    lock_approved,
    refuse_second,
    require_currency,
    taken_over,
)

# What may be changed of a contract that was signed.
ALWAYS = ("notes",)


@transaction.atomic
def create_contract(
    *, values: Values, by: User, at: datetime, quote_id: int | None = None
) -> Contract:
    """Create a draft under the next number; without an owner or currency it gets ours.

    :param values: normalised columns; without a quote `contact_id` and `title` are needed.
    :param quote_id: an approved quote; what is not sent is taken over from there.
    :raises InvalidInput: no such contact, deal or quote, no title, the value of a quote in another
        currency, or an end before the start.
    :raises WrongState: the quote is not approved.
    :raises BilledAlready: the quote was made into a contract before.
    """
    quote = None if quote_id is None else lock_approved(quote_id, by=by, at=at)
    if quote is not None:
        refuse_second(quote, Contract.objects)
        values = taken_over(quote, values, by=by)
        if "value" not in values:
            require_currency(quote, values)
            values = {**values, "value": quote.total}
    contract: Contract = new_document(Contract, values, by=by, at=at)
    contract.quote = quote
    _check(contract)
    insert_document(contract)
    announce("contract.created", contract)
    return contract


@transaction.atomic
def edit_contract(*, contract_id: int, values: Values, by: User, at: datetime) -> Contract:
    """Change columns of a contract. What is not named stays.

    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: only drafts can be edited; of a signed one the notes.
    :raises InvalidInput: as create_contract.
    """
    contract: Contract = lock_document(Contract, contract_id, by=by)
    changed = change_document(
        contract,
        values,
        always=ALWAYS,
        edit=states.EDIT,
        annotate=states.ANNOTATE,
        by=by,
        today=own_today(at),
    )
    _check(contract)
    if changed:
        contract.save()
    return contract


@transaction.atomic
def delete_contract(*, contract_id: int, by: User, at: datetime) -> None:
    """Take a draft out of every list. Its number is not given again.

    :raises NotFound, NotAllowed, WrongState: as edit_contract.
    """
    contract = lock_document(Contract, contract_id, by=by)
    require(contract, states.DELETE, today=own_today(at))
    contract.deleted_at = at
    contract.save(update_fields=["deleted_at"])


@transaction.atomic
def restore_contract(*, contract_id: int) -> Contract:
    """Bring a deleted draft back.

    :raises NotFound: there is no such deleted contract.
    :raises BilledAlready: its quote was made into another one meanwhile.
    """
    hold_place(contract_id, Contract)
    contract: Contract = bring_back(Contract, contract_id)
    return contract


@transaction.atomic
def send_contract(
    *, contract_id: int, by: User, at: datetime, letter: Letter = AS_USUAL
) -> Contract:
    """Mail a contract to its contact: a draft to be signed, a signed one for their files.

    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: it is expired or cancelled.
    :raises ContactIsGone: the contact was deleted.
    """
    contract: Contract = lock_document(Contract, contract_id, by=by)
    require(contract, states.SEND, today=own_today(at))
    hold_contact(contract)
    contract.sent_at = at
    contract.save(update_fields=["sent_at"])
    mail_document(contract, letter, by=by, at=at)
    announce("contract.sent", contract)
    return contract


@transaction.atomic
def cancel_contract(*, contract_id: int, by: User, at: datetime) -> Contract:
    """Call a contract off. A cancelled one stays so.

    :raises NotFound, NotAllowed: as lock_document.
    :raises WrongState: it is expired or cancelled.
    """
    contract: Contract = lock_document(Contract, contract_id, by=by)
    require(contract, states.CANCEL, today=own_today(at))
    contract.status = Contract.Status.CANCELLED
    contract.save(update_fields=["status"])
    announce("contract.cancelled", contract)
    return contract


def _check(contract: Contract) -> None:
    if not contract.title:
        raise InvalidInput.of("title", "This field is required.")
    start, end = contract.start_date, contract.end_date
    if isinstance(start, date) and isinstance(end, date) and end < start:
        raise InvalidInput.of("end_date", "Must not be before the start.")
