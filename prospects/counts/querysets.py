from __future__ import annotations

from typing import Any

from django.db.models import Sum

from core.models import TenantManager, TenantQuerySet
from core.tenancy import current_tenant

TYPES = {"company": [1, 2], "partner": [3]}
TOTAL = """
    SELECT coalesce(sum(cards), 0)::bigint FROM prospects_cardcount
    WHERE tenant_id = %s AND type = ANY(%s)
"""


class CardCountQuerySet(TenantQuerySet):
    """Kept counts of the tenant acted for."""

    def of_source(self, source: str) -> CardCountQuerySet:
        """`company`: prospects and clients; `partner`: partners."""
        return self.filter(type__in=TYPES[source])

    def by_category(self) -> dict[int, int]:
        """How many live cards each category has that has some."""
        rows = self.order_by().values_list("category_id").annotate(Sum("cards"))
        return {category_id: int(cards) for category_id, cards in rows if cards}

    def total(self, columns: dict[str, list[int]]) -> int:
        """How many live cards there are with one of these values in each of these columns."""
        found = self.filter(**{f"{name}__in": values for name, values in columns.items()})
        return int(found.aggregate(Sum("cards"))["cards__sum"] or 0)


def total_sql(source: str) -> tuple[str, tuple[Any, ...]]:
    """Return SQL of how many live cards the tenant acted for has in a source."""
    return TOTAL, (current_tenant(), TYPES[source])


CardCountManager = TenantManager.from_queryset(CardCountQuerySet)
