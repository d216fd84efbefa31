from __future__ import annotations

from django.utils import timezone

from accounts.tenants.models import Tenant
from core.tasks import system_task
from core.tenancy import across_tenants, tenant_scope
from prospects.followups.reminders import remind_due


@system_task("followups.remind_due")
def remind_all() -> int:
    """Tell everybody what has come due since the last run. Returns how many follow-ups had."""
    with across_tenants():
        tenants = list(Tenant.objects.filter(is_active=True).values_list("pk", flat=True))
    reminded = 0
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            while some := remind_due(at=timezone.now()):
                reminded += some
    return reminded
