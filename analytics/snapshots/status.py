"""How analytics is doing, for operators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from analytics.leads.models import Lead, SyncLog
from analytics.snapshots.models import Snapshot

RUNS = 5
Status = dict[str, Any]
RUN = (
    *("id", "status", "is_full", "started_at", "duration_ms", "dirty_count", "rolling_count"),
    *("written_count", "deleted_count", "error"),
)


def status_of_tenant(at: datetime) -> Status:
    """What there is of the tenant acted for: times as datetimes, lag and ages in seconds."""
    latest = SyncLog.objects.latest_finished()
    fresh = set(Snapshot.objects.fresh(at).values_list("pk", flat=True))
    return {
        "watermark": latest and latest.watermark,
        "lag_seconds": latest and _seconds(at - latest.watermark),
        "leads": Lead.objects.count(),
        "runs": list(SyncLog.objects.order_by("-pk").values(*RUN)[:RUNS]),
        "snapshots": [
            {
                "name": str(snapshot),
                "age_seconds": _seconds(at - snapshot.computed_at),
                "is_fresh": snapshot.pk in fresh,
            }
            for snapshot in Snapshot.objects.defer("payload").order_by("preset", "pk")
        ],
    }


def _seconds(duration: Any) -> int:
    return round(duration.total_seconds())
