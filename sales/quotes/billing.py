"""What an approved quote becomes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.tenants.clock import own_today
from accounts.users.models import User
from core.errors import DomainError, InvalidInput
from sales.deals.models import Deal
from sales.documents.drafting import Values
from sales.documents.states import require
from sales.quotes import states
from sales.quotes.models import Quote

TAKEN_OVER = ("contact_id", "deal_id", "title", "currency", "notes", "terms", "billing_address")


class BilledAlready(DomainError):
    """The quote has become such a document before."""

    code = "billed_already"


def lock_approved(quote_id: int, *, by: User, at: datetime) -> Quote:
    """Return an approved quote that `by` sees, locked until the transaction ends.

    :raises InvalidInput: there is no such quote for them.
    :raises WrongState: it is not approved.
    """
    seen = Quote.objects.visible_to(by).select_for_update(of=("self",))
    quote: Quote | None = seen.filter(pk=quote_id).first()
    if quote is None:
        raise InvalidInput.of("quote_id", f"There is no quote {quote_id}.")
    require(quote, states.BILL, today=own_today(at))
    return quote


def refuse_second(quote: Quote, documents: Any) -> None:
    """Refuse to make a second document of a locked quote, unless the first was cancelled.

    :param documents: the live ones of the kind.
    :raises BilledAlready: naming it.
    """
    known = documents.filter(quote=quote).exclude(status="cancelled").first()
    if known is not None:
        raise BilledAlready(f"{quote.number_text} is {known.number_text} already.")


def hold_place(document_id: int, model: Any) -> None:
    """Make sure that a deleted document may come back as the one that its quote became.

    Its quote is locked until the transaction ends, so that it becomes no other meanwhile.

    :raises BilledAlready: it became another one before.
    """
    of_it = model.all_objects.filter(pk=document_id).values("quote_id")
    quote = Quote.all_objects.select_for_update(of=("self",)).filter(pk__in=of_it).first()
    if quote is not None:
        refuse_second(quote, model.objects)


def taken_over(quote: Quote, values: Values, *, by: User) -> dict[str, Any]:
    """Return columns of a new document: those of a quote, unless they were sent themselves.

    A deal that was deleted, or that `by` does not see, is left out.
    """
    columns = {name: getattr(quote, name) for name in TAKEN_OVER}
    if not Deal.objects.visible_to(by).filter(pk=quote.deal_id).exists():
        columns["deal_id"] = None
    return {**columns, **values}


def require_currency(quote: Quote, values: Values) -> None:
    """Refuse columns of a new document that put a quote's amounts into another currency.

    :raises InvalidInput: naming the currency.
    """
    if values["currency"] != quote.currency:
        message = f"{quote.number_text} is in {quote.currency}: its amounts are no other money."
        raise InvalidInput.of("currency", message)
