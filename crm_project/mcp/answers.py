"""What tools answer with: rows, and what may be done next."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from crm_project.mcp.rows import (
    Activity,
    Column,
    Contact,
    Deal,
    Found,
    Invoice,
    Note,
    Payment,
    Pipeline,
    Quote,
    Shape,
)


class Changed(Shape):
    """Rows of a kind that would be written."""

    what: str
    created: int
    changed: int
    deleted: int


class Mail(Shape):
    """A mail that would leave."""

    to: str
    subject: str


class Rehearsal(Shape):
    """What a call with `dry_run` would have done. Nothing of it was kept, nothing was sent."""

    rows: int = Field(description="How many rows would be written, bookkeeping included.")
    changes: list[Changed]
    mails: list[Mail]


class Answer(Shape):
    """What may be done next."""

    next: list[str] = Field(description="Tools that may be called next.")


class Rehearsed(Answer):
    """The same, of what may be rehearsed."""

    dry_run: Rehearsal | None = Field(
        None, description="Only with dry_run: the rest is as it would be."
    )


class Page(Answer):
    """Rows, a page of them."""

    total: int = Field(description="How many there are, beside those shown.")
    page: int
    per_page: int


class ContactPage(Page):
    contacts: list[Contact]


class DealPage(Page):
    deals: list[Deal]


class ActivityPage(Page):
    activities: list[Activity]


class OneContact(Answer):
    contact: Contact
    duplicate_of: int | None = Field(
        None, description="A contact with the same email that was there before."
    )


class OneDeal(Answer):
    deal: Deal


class OneQuote(Answer):
    quote: Quote


class OneActivity(Answer):
    activity: Activity


class OneInvoice(Answer):
    invoice: Invoice


class ActedQuote(Rehearsed):
    quote: Quote


class ActedInvoice(Rehearsed):
    invoice: Invoice


class ActedPayment(Rehearsed):
    payment: Payment
    invoice: Invoice | None = Field(None, description="The invoice as it is then.")


class Deleted(Rehearsed):
    message: str


class Pipelines(Answer):
    pipelines: list[Pipeline]


class Board(Answer):
    total: int = Field(description="Cards in all categories shown.")
    categories: list[Column]


class LoggedNote(Answer):
    note: Note
    prospect_id: int
    url: str


class Findings(Answer):
    total: int = Field(description="Of each kind, a few at most are found.")
    found: list[Found]


class SignedIn(Answer):
    token: str = Field(description="Send it as `Authorization: Bearer …`.")
    refresh_token: str
    expires_at: str
    user: dict[str, Any]
    tenant: dict[str, Any]


class Myself(Answer):
    user: dict[str, Any]
    tenant: dict[str, Any]
    permissions: list[str]
    agents_may_send: bool = Field(
        description="Whether the tenant lets agents send, approve, record payments and delete."
    )
    tools: list[str] = Field(description="The tools that you may use.")


class Stats(Answer):
    stats: dict[str, Any]
