from __future__ import annotations

from sales.documents.filters import COMMON, DocumentFilter, document_sort
from sales.quotes.models import Quote


class QuoteFilter(DocumentFilter):
    """Which quotes a list shows."""

    sort = document_sort("valid_until", "total")

    class Meta:
        model = Quote
        fields = [*COMMON]
