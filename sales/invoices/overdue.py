"""Telling that invoices are overdue, once for each due date that passes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.tenants.clock import own_today
from sales.documents.announcing import announce
from sales.documents.telling import INVOICE_OVERDUE, tell_owner
from sales.invoices.models import Invoice

AT_ONCE = 500


@transaction.atomic
def tell_overdue(*, at: datetime) -> int:
    """Tell the owners of invoices that are overdue today; return how many were told anew."""
    late = Invoice.objects.filter(Invoice.lapsed(own_today(at)))
    # `IS DISTINCT FROM` in two parts: told for another date, or for none.
    untold = late.exclude(overdue_told_for=F("due_at"), overdue_told_for__isnull=False)
    found = list(untold.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:AT_ONCE])
    for invoice in found:
        tell_owner(invoice, INVOICE_OVERDUE, once=str(invoice.due_at))
        announce("invoice.overdue", invoice, state=Invoice.Status.OVERDUE)
        invoice.overdue_told_for = invoice.due_at
    Invoice.objects.bulk_update(found, ["overdue_told_for"])
    return len(found)
