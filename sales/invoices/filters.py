from __future__ import annotations

from core.api.filters import IdFilter
from sales.documents.filters import COMMON, DocumentFilter, document_sort
from sales.invoices.models import Invoice


class InvoiceFilter(DocumentFilter):
    """Which invoices a list shows."""

    quote_id = IdFilter(field_name="quote")
    sort = document_sort("issued_at", "due_at", "total", "amount_paid")

    class Meta:
        model = Invoice
        fields = [*COMMON, "quote_id"]
