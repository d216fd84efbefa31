from __future__ import annotations

from typing import Any

from core.models import TenantManager, TenantQuerySet


class BulkJobQuerySet(TenantQuerySet):
    """Work on many rows."""

    def visible_to(self, user: Any) -> BulkJobQuerySet:
        """Somebody's own; everybody's for those who look after the users."""
        return self if user.has_perm("accounts.view_user") else self.filter(created_by_id=user.pk)


BulkJobManager = TenantManager.from_queryset(BulkJobQuerySet)
