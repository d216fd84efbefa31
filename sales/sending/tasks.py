from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.tenants.rounds import for_each_tenant
from core.tasks import pending_work, system_task, tenant_task
from sales.mailing.services import SEND_MAILS
from sales.sending import delivering
from sales.sending.reminders import remind

AT_ONCE = 50  # mails; what is left waits for the sweep


@tenant_task(SEND_MAILS)
def send_mails() -> int:
    """Send the documents of a tenant that wait to be mailed. Returns how many were tried."""
    return delivering.send_due(at=timezone.now(), most=AT_ONCE)


@pending_work(SEND_MAILS)
def find_due() -> Iterable[dict[str, Any]]:
    """One task for each tenant with mails that wait, or that nobody was heard of again."""
    tenants = delivering.tenants_with_due_mails(timezone.now())
    return [{"tenant_id": tenant_id} for tenant_id in tenants]


@system_task("sending.remind")
def remind_all() -> int:
    """Remind the customers of every tenant of what they owe. Returns how many reminders there
    are."""
    return for_each_tenant(remind)
