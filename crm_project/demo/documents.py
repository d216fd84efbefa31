"""What the demo tenants agreed and billed: documents in every state, some late, some paid back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.notifications.models import Notification
from accounts.users.models import User
from prospects.contacts.models import Contact
from sales.contracts.services import create_contract
from sales.contracts.signing import Signer, sign_contract
from sales.deals.models import Deal
from sales.invoices.models import Invoice
from sales.invoices.services import cancel_invoice, create_invoice, send_invoice
from sales.mailing.models import DocumentMail
from sales.payments.services import record_payment, refund_payment
from sales.products.models import Product
from sales.quotes.models import Quote
from sales.quotes.services import (
    approve_quote,
    cancel_quote,
    create_quote,
    reject_quote,
    send_quote,
)

# What became of a quote, in this order again and again; the last word is about its invoice.
FATES = (
    *("paid", "overdue", "sent", "signed paid", "draft", "part", "expired", "late part"),
    *("rejected", "paid", "billed", "approved", "signed owed", "refunded", "cancelled", "overdue"),
    *("agreed", "paid", "part back", "called off", "sent", "signed paid", "owed", "draft"),
)
LATE = ("overdue", "late part")
TERMS = "Precios en la moneda indicada, más impuestos. Vigencia según la fecha mostrada."
REASONS = ("Precio", "Pospuesto al próximo año", "Eligió a la competencia")
METHODS = ("transfer", "transfer", "card", "check")
KINDS = ("quote_approved", "quote_rejected", "invoice_paid", "contract_signed")
KEPT_NOTICES = 3


class Documents:
    """Makes the documents of one tenant, the same for the same seed."""

    def __init__(self, *, seed: int, at: datetime, owners: Sequence[User]) -> None:
        self.dice, self.at, self.owners = random.Random(seed), at, owners
        self.products = list(Product.objects.filter(currency="MXN").order_by("pk"))

    def create(self, count: int) -> None:
        """Write so many quotes and bring each to where it is to stand."""
        for number in range(count):
            owner = self.owners[number % len(self.owners)]
            deal, person = self._about(owner)
            if person is not None:
                self._live(FATES[number % len(FATES)], owner, deal, person)
        # Invented people get no mail, and their sellers are not told of a year at once.
        DocumentMail.objects.all().delete()
        told = Notification.objects.filter(type__in=KINDS).order_by("-pk")
        kept = list(told.values_list("pk", flat=True)[:KEPT_NOTICES])
        told.exclude(pk__in=kept).delete()

    def _about(self, owner: User) -> tuple[Deal | None, Contact | None]:
        """A deal of the owner's with its person, one after the other by chance."""
        deals = Deal.objects.filter(owner=owner, people__isnull=False).order_by("pk")
        ids = list(deals.values_list("pk", "people__contact"))
        if not ids:
            return None, None
        deal_id, contact_id = self.dice.choice(ids)
        return Deal.objects.get(pk=deal_id), Contact.objects.get(pk=contact_id)

    def _live(self, fate: str, owner: User, deal: Deal | None, person: Contact) -> None:
        ago = self.dice.uniform(50, 110) if fate in LATE else self.dice.uniform(12, 45)
        began = self.at - timedelta(days=ago)
        valid = began if fate == "expired" else self.at
        quote = create_quote(
            values={
                "contact_id": person.pk,
                "deal_id": deal and deal.pk,
                "title": deal.name if deal else "",
                "currency": "MXN",
                "terms": TERMS,
                "valid_until": (valid + timedelta(days=8)).date(),
            },
            lines=self._lines(),
            by=owner,
            at=began,
        )
        if fate != "draft":
            self._send(fate, quote, owner, began + timedelta(days=1))

    def _lines(self) -> list[dict[str, Any]]:
        chosen = self.dice.sample(self.products, self.dice.randint(1, 4))
        return [
            {
                "product_id": product.pk,
                "quantity": Decimal(self.dice.choice((1, 2, 5, 12, 40))),
                "discount_percent": Decimal(self.dice.choice((0, 0, 0, 5, 10))),
            }
            for product in chosen
        ]

    def _send(self, fate: str, quote: Quote, owner: User, at: datetime) -> None:
        who: dict[str, Any] = {"quote_id": quote.pk, "by": owner}
        send_quote(**who, at=at)
        decided = at + timedelta(days=2)
        if fate in ("sent", "expired"):
            return
        if fate == "rejected":
            reject_quote(**who, at=decided, reason=self.dice.choice(REASONS))
        elif fate == "cancelled":
            cancel_quote(**who, at=decided)
        else:
            approve_quote(**who, at=decided)
            self._agree(fate, quote, owner, decided)

    def _agree(self, fate: str, quote: Quote, owner: User, at: datetime) -> None:
        """Make a contract and an invoice of an approved quote, where that is its fate."""
        if fate == "agreed" or fate.startswith("signed"):
            dates = {"start_date": at.date(), "end_date": at.date() + timedelta(days=365)}
            values = {**dates, "type": "Servicios", "title": quote.title or "Servicios"}
            made = create_contract(values=values, quote_id=quote.pk, by=owner, at=at)
            if fate.startswith("signed"):
                signed_at = at + timedelta(hours=5)
                sign_contract(contract_id=made.pk, signer=Signer(), by=owner, at=signed_at)
        if fate not in ("approved", "agreed"):
            self._bill(fate.removeprefix("signed "), quote, owner, at + timedelta(days=1))

    def _bill(self, fate: str, quote: Quote, owner: User, at: datetime) -> None:
        issued = at.date()
        values: dict[str, date] = {"issued_at": issued, "due_at": issued + timedelta(days=30)}
        invoice = create_invoice(values=values, quote_id=quote.pk, by=owner, at=at)
        if fate == "billed":
            return
        send_invoice(invoice_id=invoice.pk, by=owner, at=at)
        if fate == "called off":
            cancel_invoice(invoice_id=invoice.pk, by=owner, at=at + timedelta(days=1))
        elif fate not in ("overdue", "owed"):
            self._pay(fate, invoice, owner, at + timedelta(days=4))

    def _pay(self, fate: str, invoice: Invoice, owner: User, at: datetime) -> None:
        is_part = fate in ("part", "late part")
        amount = (invoice.total / 3).quantize(Decimal(1)) if is_part else invoice.total
        paid = record_payment(
            invoice_id=invoice.pk,
            values={
                "amount": amount,
                "method": self.dice.choice(METHODS),
                "reference": f"REF-{self.dice.randint(100_000, 999_999)}",
            },
            by=owner,
            at=at,
        )
        back = {"refunded": None, "part back": (amount / 4).quantize(Decimal(1))}
        if fate in back:
            how: dict[str, Any] = {"amount": back[fate], "reason": "Servicio no prestado"}
            refund_payment(payment_id=paid.pk, by=owner, at=at + timedelta(days=2), **how)
