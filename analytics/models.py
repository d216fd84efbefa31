from analytics.leads.models import Lead, Removal, SyncLog

__all__ = ["Lead", "Removal", "SyncLog"]
