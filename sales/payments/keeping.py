"""Whom money documents keep from being deleted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from prospects.contacts.keeping import keeps_people
from sales.contracts.models import Contract
from sales.invoices.models import Invoice
from sales.payments.models import Payment
from sales.quotes.models import Quote

DOCUMENTS: tuple[Any, ...] = (Quote, Invoice, Contract)


@keeps_people
def with_documents(contact_ids: Collection[int]) -> set[int]:
    """Those with whom there is a document that is not a draft, or who paid something."""
    payments = Payment.objects.filter(contact__in=contact_ids).values("contact")
    agreed = (
        model.objects.filter(contact__in=contact_ids).exclude(status="draft").values("contact")
        for model in DOCUMENTS
    )
    return {row["contact"] for row in payments.union(*agreed)}
