"""The documents of somebody who leaves, given to a colleague."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sales.contracts.models import Contract
from sales.invoices.models import Invoice
from sales.quotes.models import Quote

KINDS: tuple[Any, ...] = (Quote, Contract, Invoice)


def hand_over_documents_of(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give somebody's quotes, contracts and invoices to a colleague. Returns how many they were.

    Each kind is locked in the order of its ids, so that two who write many cannot wait for each
    other. Deleted drafts stay with them.
    """
    count = 0
    for model in KINDS:
        theirs = model.objects.filter(owner_id=from_id).order_by("pk")
        ids = list(theirs.select_for_update(of=("self",)).values_list("pk", flat=True))
        count += model.objects.filter(pk__in=ids).update(owner_id=to_id)
    return count
