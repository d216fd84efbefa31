"""Whom money documents keep from being deleted."""

from __future__ import annotations

from collections.abc import Collection

from prospects.contacts.keeping import keeps_people
from sales.contracts.models import Contract
from sales.invoices.models import Invoice
from sales.payments.models import Payment
from sales.quotes.models import Quote


@keeps_people
def with_documents(contact_ids: Collection[int]) -> set[int]:
    """Those with whom there is a document that is not a draft, or who paid something."""
    kept: set[int] = set()
    for model in (Quote, Invoice, Contract):
        known = model.objects.filter(contact__in=contact_ids).exclude(status="draft")
        kept.update(known.values_list("contact", flat=True))
    payments = Payment.objects.filter(contact__in=contact_ids)
    kept.update(payments.values_list("contact", flat=True))
    return kept
