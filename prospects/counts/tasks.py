from __future__ import annotations

from accounts.tenants.models import Tenant
from core.tasks import system_task
from core.tenancy import across_tenants, tenant_scope
from prospects.counts.services import fold_counts


@system_task("counts.fold")
def fold_all() -> None:
    """Fold every tenant's counts, each in a transaction of its own."""
    with across_tenants():
        tenants = list(Tenant.objects.values_list("pk", flat=True))
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            fold_counts()
