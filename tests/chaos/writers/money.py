"""Quotes, invoices and payments: numbers without gaps, mails, sums."""

from __future__ import annotations

from tests.chaos.desk import Desk
from tests.chaos.writers.people import API, new_contact

HOURS = {"description": "Hours", "quantity": 10, "unit_price": 100, "tax_rate": 16}
TOTAL = 1160


def new_quote(desk: Desk) -> None:
    person = desk.one_of("contact")
    if person is None:
        return new_contact(desk)
    quote = {"contact_id": person, "title": "{mark}", "items": [HOURS]}
    made = desk.make("quote", f"{API}/quotes", quote)
    if made and desk.chance.random() < 0.7:
        _mail(desk, f"{API}/quotes/{made['id']}")
    return None


def new_invoice(desk: Desk) -> None:
    person = desk.one_of("contact")
    if person is None:
        return new_contact(desk)
    invoice = {"contact_id": person, "title": "{mark}", "items": [HOURS]}
    made = desk.make("draft", f"{API}/invoices", invoice)
    if made and _mail(desk, f"{API}/invoices/{made['id']}"):
        desk.made.setdefault("invoice", []).append(int(made["id"]))
    return None


def _mail(desk: Desk, path: str) -> bool:
    return desk.turn("mail", f"{path}/send", {"subject": "{mark}"}) is not None


def pay(desk: Desk) -> None:
    """A part, which may be more than is owed: then it is refused."""
    invoice = desk.one_of("invoice")
    if invoice is None:
        return new_invoice(desk)
    amount = desk.chance.choice([TOTAL / 10, TOTAL / 4, TOTAL / 2])
    payment = {"invoice_id": invoice, "amount": amount, "reference": "{mark}"}
    desk.make("payment", f"{API}/payments", payment)
    return None


def pay_back(desk: Desk) -> None:
    payment = desk.one_of("payment")
    if payment is None:
        return pay(desk)
    sent = {"amount": desk.chance.choice([1, 10, 100]), "reason": "{mark}"}
    desk.turn("refund", f"{API}/payments/{payment}/refund", sent)
    return None
