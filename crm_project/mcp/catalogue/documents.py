"""Quotes, invoices and payments. What may be done when, sales/*/states.py says."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field

from crm_project.mcp import answers
from crm_project.mcp.asking import Route, ask
from crm_project.mcp.showing import one, with_page
from crm_project.mcp.tools import (
    ADDS,
    DECIDES,
    SENDS,
    Arguments,
    Rehearsable,
    Repeatable,
    Result,
    asked,
    tool,
)
from crm_project.mcp.visits import Visit
from sales.invoices import states as invoice_states
from sales.payments.models import Payment
from sales.quotes import states as quote_states

ADD_QUOTE = Route("POST", "/api/v1/quotes")
SEND_QUOTE = Route("POST", "/api/v1/quotes/{quote_id}/send")
APPROVE_QUOTE = Route("POST", "/api/v1/quotes/{quote_id}/approve")
ADD_INVOICE = Route("POST", "/api/v1/invoices")
ONE_INVOICE = Route("GET", "/api/v1/invoices/{invoice_id}")
SEND_INVOICE = Route("POST", "/api/v1/invoices/{invoice_id}/send")
ADD_PAYMENT = Route("POST", "/api/v1/payments")
METHODS: dict[str, Any] = {"enum": list(Payment.Method.values)}
AFTER: dict[str, Any] = {
    "quote": (
        (quote_states.SEND, "leader_send_quote"),
        (quote_states.APPROVE, "leader_approve_quote"),
        (quote_states.BILL, "leader_create_invoice"),
    ),
    "invoice": (
        (invoice_states.SEND, "leader_send_invoice"),
        (invoice_states.PAY, "leader_record_payment"),
    ),
}


class Item(Arguments):
    description: str | None = Field(None, description="Needed without a product_id.")
    quantity: float
    unit_price: float | None = Field(None, description="The product's, unless you say.")
    tax_rate: float | None = Field(None, description="Percent, such as 16.")
    discount_percent: float | None = None
    product_id: int | None = None


class _Draft(Repeatable):
    deal_id: int | None = None
    title: str | None = None
    currency: str | None = Field(None, description="Three letters, such as MXN.")
    notes: str | None = None
    terms: str | None = None
    billing_address: str | None = None
    owner_id: int | None = Field(None, description="You, unless you say.")


class CreateQuote(_Draft):
    contact_id: int
    items: list[Item]
    valid_until: str | None = Field(None, description="YYYY-MM-DD.")


class CreateInvoice(_Draft):
    contact_id: int | None = Field(None, description="Needed without a quote_id.")
    items: list[Item] | None = Field(None, description="Needed without a quote_id.")
    quote_id: int | None = Field(None, description="An approved quote: its items are billed.")
    issued_at: str | None = Field(None, description="YYYY-MM-DD; today, unless you say.")
    due_at: str | None = Field(None, description="YYYY-MM-DD.")


class _Letter(Rehearsable):
    to: str | None = Field(None, description="An address; the contact's, unless you say.")
    subject: str | None = None
    message: str | None = Field(None, description="What stands in the mail above the link.")


class SendQuote(_Letter):
    quote_id: int = Field(validation_alias=AliasChoices("quote_id", "id"))


class ApproveQuote(Rehearsable):
    quote_id: int = Field(validation_alias=AliasChoices("quote_id", "id"))


class SendInvoice(_Letter):
    invoice_id: int = Field(validation_alias=AliasChoices("invoice_id", "id"))


class RecordPayment(Repeatable, Rehearsable):
    invoice_id: int
    amount: float = Field(description="At most what is due.")
    contact_id: int | None = Field(None, description="The invoice's, unless you say.")
    currency: str | None = Field(None, description="The invoice's.")
    method: str | None = Field(None, json_schema_extra=METHODS)
    reference: str | None = None
    notes: str | None = None
    paid_at: str | None = Field(None, description="When; now, unless you say.")


def _then(kind: str, row: dict[str, Any]) -> list[str]:
    return [name for move, name in AFTER[kind] if row["status"] in move.sources]


def _document(visit: Visit, kind: str, route: Route, sent: Arguments) -> Result:
    """What became of a quote or an invoice, and what may be done with it then."""
    row = asked(visit, route, sent)["data"]
    return one(visit, kind, row, _then(kind, row))


@tool(ADD_QUOTE, title="Create a quote", answers=answers.OneQuote, effect=ADDS)
def leader_create_quote(visit: Visit, sent: CreateQuote) -> Result:
    """Draft a quote for a contact. Nothing is sent yet."""
    return _document(visit, "quote", ADD_QUOTE, sent)


@tool(SEND_QUOTE, title="Send a quote", answers=answers.ActedQuote, effect=SENDS)
def leader_send_quote(visit: Visit, sent: SendQuote) -> Result:
    """Mail a quote to its contact: from then on its content stands."""
    return _document(visit, "quote", SEND_QUOTE, sent)


@tool(APPROVE_QUOTE, title="Approve a quote", answers=answers.ActedQuote, effect=DECIDES)
def leader_approve_quote(visit: Visit, sent: ApproveQuote) -> Result:
    """Note that the contact wants what was quoted. It cannot be taken back."""
    return _document(visit, "quote", APPROVE_QUOTE, sent)


@tool(ADD_INVOICE, title="Create an invoice", answers=answers.OneInvoice, effect=ADDS)
def leader_create_invoice(visit: Visit, sent: CreateInvoice) -> Result:
    """Draft an invoice, from items or from an approved quote. Nothing is sent yet."""
    return _document(visit, "invoice", ADD_INVOICE, sent)


@tool(SEND_INVOICE, title="Send an invoice", answers=answers.ActedInvoice, effect=SENDS)
def leader_send_invoice(visit: Visit, sent: SendInvoice) -> Result:
    """Mail an invoice to its contact: from then on its content stands and it may be paid."""
    return _document(visit, "invoice", SEND_INVOICE, sent)


@tool(ADD_PAYMENT, title="Record a payment", answers=answers.ActedPayment, effect=DECIDES)
def leader_record_payment(visit: Visit, sent: RecordPayment) -> Result:
    """Note that money came in for an invoice that was sent. The last of it makes it paid."""
    payment = asked(visit, ADD_PAYMENT, sent)["data"]
    row = ask(visit, ONE_INVOICE, {"invoice_id": payment["invoice_id"]})["data"]
    invoice = with_page(visit, "invoice", row)
    then = _then("invoice", row) if row["amount_due"] else []
    return one(visit, "payment", payment, then, invoice=invoice)
