from __future__ import annotations

from accounts.tenants.rounds import for_each_tenant
from analytics.leads.services import forget_old_runs, sync_leads
from core.tasks import system_task, tenant_task


@tenant_task("leads.sync")
def sync() -> None:
    """Bring the tenant's leads up to date; nothing when somebody else is at it."""
    sync_leads()


@system_task("leads.forget_old_runs")
def forget_all_old_runs() -> None:
    """Keep the sync logs short."""
    for_each_tenant(forget_old_runs, with_inactive=True)
