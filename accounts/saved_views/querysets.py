from __future__ import annotations

from typing import Any

from django.db.models import Q

from core.models import TenantManager, TenantQuerySet


class SavedViewQuerySet(TenantQuerySet):
    """Views of lists that people keep."""

    def visible_to(self, user: Any) -> SavedViewQuerySet:
        """Somebody's own, and those that are shared."""
        return self.filter(Q(owner_id=user.pk) | Q(is_shared=True))

    def in_order(self) -> SavedViewQuerySet:
        """As they stand above a list."""
        return self.order_by("position", "name", "pk")


SavedViewManager = TenantManager.from_queryset(SavedViewQuerySet)
