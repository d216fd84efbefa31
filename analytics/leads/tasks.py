from __future__ import annotations

from accounts.tenants.models import Tenant
from analytics.leads.services import forget_old_runs, sync_leads
from core.tasks import system_task, tenant_task
from core.tenancy import across_tenants, tenant_scope


@tenant_task("leads.sync")
def sync() -> None:
    """Bring the tenant's leads up to date; nothing when somebody else is at it."""
    sync_leads()


@system_task("leads.forget_old_runs")
def forget_all_old_runs() -> None:
    """Keep the sync logs short."""
    with across_tenants():
        tenants = list(Tenant.objects.values_list("pk", flat=True))
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            forget_old_runs()
