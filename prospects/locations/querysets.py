from __future__ import annotations

from core.models import TenantManager, TenantQuerySet


class LocationQuerySet(TenantQuerySet):
    """Places of cards."""

    def of_clients(self, are_clients: bool) -> LocationQuerySet:
        """Those of cards that have a company, or those of cards that have none."""
        return self.filter(prospect__company__isnull=not are_clients)


LocationManager = TenantManager.from_queryset(LocationQuerySet)
