from __future__ import annotations

from django.utils import timezone

from accounts.tenants.models import Tenant
from analytics.snapshots.services import rebuild_snapshots, refresh_soon
from core.tasks import system_task, tenant_task
from core.tenancy import across_tenants, current_tenant


@tenant_task("snapshots.rebuild")
def rebuild() -> None:
    """Answer the presets anew."""
    tenant_id = current_tenant()
    assert tenant_id is not None, "A tenant's task acts for a tenant."
    rebuild_snapshots(Tenant.objects.get(pk=tenant_id), at=timezone.now())


@system_task("snapshots.refresh_all")
def refresh_all() -> None:
    """Wake the chain of every tenant: the sync, then the snapshots."""
    with across_tenants():
        tenants = list(Tenant.objects.filter(is_active=True).values_list("pk", flat=True))
    for tenant_id in tenants:
        refresh_soon(tenant_id)
