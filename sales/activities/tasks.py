from __future__ import annotations

from django.utils import timezone

from accounts.tenants.rounds import for_each_tenant
from core.tasks import system_task
from sales.activities.reminders import remind_due


@system_task("activities.remind_due")
def remind_all() -> int:
    """Tell everybody what has come due since the last run. Returns how many activities had."""
    return for_each_tenant(_remind)


def _remind() -> int:
    reminded = 0
    while some := remind_due(at=timezone.now()):
        reminded += some
    return reminded
