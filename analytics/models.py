from analytics.leads.models import Lead, Removal, SyncLog
from analytics.snapshots.models import Snapshot

__all__ = ["Lead", "Removal", "Snapshot", "SyncLog"]
