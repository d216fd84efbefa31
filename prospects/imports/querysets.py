from __future__ import annotations

from typing import Any

from core.models import TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS


class ImportJobQuerySet(TenantQuerySet):
    """Imports."""

    def visible_to(self, user: Any) -> ImportJobQuerySet:
        """An import shows rows of every card: who does not see all of them sees their own."""
        return self if user.has_perm(ALL_PROSPECTS) else self.filter(created_by_id=user.pk)


ImportJobManager = TenantManager.from_queryset(ImportJobQuerySet)
