from __future__ import annotations

from typing import Any

from core.models import LiveManager, TenantManager, TenantQuerySet
from prospects.pipeline.searching import search_pattern


class ProductQuerySet(TenantQuerySet):
    """What the tenant sells."""

    def active(self) -> ProductQuerySet:
        """Those that are sold now."""
        return self.filter(is_active=True)

    def search(self, text: str) -> ProductQuerySet:
        """Those whose name, SKU or description holds this text."""
        pattern: Any = search_pattern(text)
        return self.none() if pattern is None else self.filter(search_text__like=pattern)


ProductManager = LiveManager.from_queryset(ProductQuerySet)
AllProductsManager = TenantManager.from_queryset(ProductQuerySet)
