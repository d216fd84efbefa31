from __future__ import annotations

from sales.contracts.models import Contract
from sales.documents.filters import COMMON, DocumentFilter, document_sort


class ContractFilter(DocumentFilter):
    """Which contracts a list shows."""

    sort = document_sort("value", "start_date", "end_date")

    class Meta:
        model = Contract
        fields = [*COMMON]
