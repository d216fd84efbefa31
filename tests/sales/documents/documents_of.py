"""Quotes, invoices, contracts and payments for tests, made over HTTP as people make them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.tenancy import tenant_scope
from tests.days import today
from tests.people import Person, Team
from tests.sales.contacts.contacts_of import contact

QUOTES, INVOICES = "/api/v1/quotes", "/api/v1/invoices"
CONTRACTS, PAYMENTS = "/api/v1/contracts", "/api/v1/payments"
HOURS = {"description": "Consultoria", "quantity": 120, "unit_price": 1500, "tax_rate": 16}


def day(distance: int = 0) -> str:
    """A day so many days from today."""
    return (today() + timedelta(days=distance)).isoformat()


def made(answer: Any) -> dict[str, Any]:
    """What was created."""
    assert answer.status_code == 201, answer.content
    return answer.json()["data"]


def done(answer: Any) -> dict[str, Any]:
    """What was changed."""
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def quote(person: Person, *, contact_id: int | None = None, **fields: Any) -> dict[str, Any]:
    """A draft quote over 208,800.00, unless its items say otherwise."""
    contact_id = contact_id or contact(person)["id"]
    return made(person.post(QUOTES, {"contact_id": contact_id, "items": [HOURS], **fields}))


def sent_quote(person: Person, **fields: Any) -> dict[str, Any]:
    return done(person.post(f"{QUOTES}/{quote(person, **fields)['id']}/send"))


def expired_quote(person: Person) -> dict[str, Any]:
    """One that was valid until yesterday."""
    offer = sent_quote(person, valid_until=day(1))
    return done(person.put(f"{QUOTES}/{offer['id']}", {"valid_until": day(-1)}))


def approved_quote(person: Person, **fields: Any) -> dict[str, Any]:
    return done(person.post(f"{QUOTES}/{sent_quote(person, **fields)['id']}/approve"))


def invoice(person: Person, *, contact_id: int | None = None, **fields: Any) -> dict[str, Any]:
    """A draft invoice over 208,800.00, unless its items say otherwise."""
    contact_id = contact_id or contact(person)["id"]
    return made(person.post(INVOICES, {"contact_id": contact_id, "items": [HOURS], **fields}))


def sent_invoice(person: Person, **fields: Any) -> dict[str, Any]:
    return done(person.post(f"{INVOICES}/{invoice(person, **fields)['id']}/send"))


def contract(person: Person, *, contact_id: int | None = None, **fields: Any) -> dict[str, Any]:
    """A draft contract."""
    contact_id = contact_id or contact(person)["id"]
    body = {"contact_id": contact_id, "title": "Servicios", "value": 450000, **fields}
    return made(person.post(CONTRACTS, body))


def pay(person: Person, invoice_id: int, amount: Any, **fields: Any) -> Any:
    """Note a payment; the answer."""
    return person.post(PAYMENTS, {"invoice_id": invoice_id, "amount": amount, **fields})


def stored(team: Team, model: Any, pk: int) -> Any:
    """A document as it is in the table, deleted or not."""
    with tenant_scope(team.tenant.pk):
        return model.all_objects.get(pk=pk)


def count(team: Team, model: Any) -> int:
    """How many there are in the table, deleted ones too."""
    with tenant_scope(team.tenant.pk):
        return int(model.all_objects.count())
