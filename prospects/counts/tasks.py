from __future__ import annotations

from accounts.tenants.rounds import for_each_tenant
from core.tasks import system_task
from prospects.counts.services import fold_counts


@system_task("counts.fold")
def fold_all() -> None:
    """Fold every tenant's counts, each in a transaction of its own."""
    for_each_tenant(fold_counts, with_inactive=True)
