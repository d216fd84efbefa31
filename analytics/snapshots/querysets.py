from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import OuterRef, Subquery

from core.models import TenantManager, TenantQuerySet


class SnapshotQuerySet(TenantQuerySet):
    """Kept answers of the dashboard."""

    def fresh(self, at: datetime) -> SnapshotQuerySet:
        """Those of the leads as they are: of the latest run, and not too old for today's ages."""
        runs = apps.get_model("analytics", "SyncLog").objects.filter(
            status="finished", tenant=OuterRef("tenant")
        )
        latest = Subquery(runs.order_by("-pk").values("pk")[:1])
        return self.filter(expires_at__gt=at, sync=latest)

    def find(self, key: str, at: datetime) -> Any:
        """The fresh snapshot with this key, or None."""
        return self.fresh(at).filter(key=key).only("payload", "computed_at").first()

    def find_moment(self, key: str, at: datetime) -> datetime | None:
        """When the fresh snapshot with this key was computed."""
        return self.fresh(at).filter(key=key).values_list("computed_at", flat=True).first()


SnapshotManager = TenantManager.from_queryset(SnapshotQuerySet)
