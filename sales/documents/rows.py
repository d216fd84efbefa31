"""The columns of documents that the sales API shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, F, Value, When

COLUMNS = (
    *("id", "number", "title", "currency", "contact_id", "deal_id", "owner_id", "notes", "terms"),
    *("billing_address", "sent_at", "created_at", "updated_at"),
)
SUMS = ("subtotal", "tax_total", "total")
ITEM_COLUMNS = (
    *("id", "document_id", "product_id", "description", "quantity", "unit_price"),
    *("discount_percent", "tax_rate", "net", "tax", "total"),
)


def document_rows(documents: Any, columns: Iterable[str], today: date) -> Any:
    """Read documents as dicts, with their state today and the name of their owner."""
    model = documents.model
    lapsed = When(model.lapsed(today), then=Value(str(model.LAPSED_STATE)))
    return documents.values(
        *COLUMNS, *columns, state=Case(lapsed, default=F("status")), owner_name=F("owner__name")
    )


def add_items(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Put the items of documents into their rows, by one statement."""
    item = model._meta.get_field("items").related_model
    by_id: dict[int, list[Any]] = {row["id"]: [] for row in rows}
    items = item.objects.filter(document__in=by_id).order_by("document", "position")
    for each in items.values(*ITEM_COLUMNS):
        by_id[each["document_id"]].append(each)
    for row in rows:
        row["items"] = by_id[row["id"]]
