from __future__ import annotations

from django.db.models import Sum

from core.models import TenantManager, TenantQuerySet


class CardCountQuerySet(TenantQuerySet):
    """Kept counts of the tenant acted for."""

    def of_source(self, source: str) -> CardCountQuerySet:
        """`company`: prospects and clients; `partner`: partners."""
        return self.filter(type=3) if source == "partner" else self.filter(type__in=(1, 2))

    def total(self) -> int:
        """How many live cards there are."""
        return int(self.aggregate(total=Sum("cards"))["total"] or 0)

    def by_category(self) -> dict[int, int]:
        """How many live cards each category has that has some."""
        rows = self.order_by().values_list("category_id").annotate(Sum("cards"))
        return {category_id: int(cards) for category_id, cards in rows if cards}


CardCountManager = TenantManager.from_queryset(CardCountQuerySet)
