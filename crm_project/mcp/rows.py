"""The rows that tools show. They are the API's own; here stands of them what agents build upon."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """What is described here is always there; the API may tell more."""

    model_config = ConfigDict(extra="allow")


class Row(Shape):
    """A row of the CRM."""

    id: int
    url: str = Field(description="Its page in the back office, for people.")


class Contact(Row):
    """A person."""

    full_name: str
    primary_email: str | None
    primary_phone: str | None
    job_title: str
    company_id: int | None
    company_name: str | None
    lifecycle_stage: str
    lead_score: int = Field(description="0 to 100.")
    owner_id: int | None
    owner_name: str | None


class Deal(Row):
    """A deal; amounts are in its currency."""

    name: str
    amount: float
    currency: str
    probability: int
    status: str
    pipeline_id: int
    stage_id: int
    stage_name: str
    owner_id: int | None
    expected_close_date: str | None


class Document(Row):
    """A quote or an invoice; amounts are in its currency."""

    title: str
    currency: str
    status: str
    subtotal: float
    tax_total: float
    total: float
    contact_id: int
    deal_id: int | None


class Quote(Document):
    """An offer to a contact."""

    quote_number: str
    valid_until: str | None


class Invoice(Document):
    """A bill for a contact."""

    invoice_number: str
    amount_paid: float
    amount_due: float
    due_at: str | None


class Payment(Row):
    """Money that came in for an invoice."""

    amount: float
    currency: str
    method: str
    reference: str
    status: str
    paid_at: str
    invoice_id: int
    contact_id: int


class Activity(Row):
    """Something that somebody is to do."""

    subject: str
    type: str
    status: str
    priority: str
    due_at: str | None
    completed_at: str | None
    user_id: int | None
    activitable_type: str | None
    activitable_id: str | None


class Stage(Shape):
    """A stage of a pipeline."""

    id: int
    name: str
    type: str = Field(description="open, won or lost.")
    default_probability: int


class Pipeline(Row):
    """A pipeline with its stages, in their order."""

    name: str
    is_default: bool
    stages: list[Stage]


class Card(Row):
    """A card of the board: a would-be client, a client or a partner."""

    type: int = Field(description="1 prospect, 2 client, 3 partner.")
    company_name: str
    name: str
    email: str
    follow_up_id: int
    follow_name: str
    last_contact: str | None
    next_contact: str | None
    salesman_name: str | None
    account_value: float | None


class Column(Shape):
    """A follow-up category of the board with a page of its cards."""

    id: int
    name: str
    label: str
    count: int = Field(description="How many cards are in it, beside those shown.")
    records: list[Card]


class Note(Shape):
    """What somebody wrote down about a card, and when they come back to it."""

    id: int
    action: str
    note: str
    scheduled_date: str | None
    follow_up_id: int | None
    created_at: str


class Found(Row):
    """Something that holds the text."""

    kind: str = Field(description="prospect, contact, deal, quote, invoice or contract.")
    title: str
    description: str
