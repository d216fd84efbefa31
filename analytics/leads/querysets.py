from __future__ import annotations

from typing import Any

from core.models import TenantManager, TenantQuerySet


class SyncLogQuerySet(TenantQuerySet):
    """Runs of the sync."""

    def latest_finished(self) -> Any:
        """The run from which the next one goes on; None before the first."""
        return self.filter(status="finished").order_by("-pk").first()


SyncLogManager = TenantManager.from_queryset(SyncLogQuerySet)
