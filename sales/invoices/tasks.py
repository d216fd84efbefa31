from __future__ import annotations

from django.utils import timezone

from accounts.tenants.rounds import for_each_tenant
from core.tasks import system_task
from sales.invoices.overdue import tell_overdue


@system_task("invoices.tell_overdue")
def tell_all_overdue() -> int:
    """Tell the owners of invoices that came to be overdue. Returns how many there were."""
    return for_each_tenant(_tell)


def _tell() -> int:
    told = 0
    while some := tell_overdue(at=timezone.now()):
        told += some
    return told
