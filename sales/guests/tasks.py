from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.tenants.rounds import for_each_tenant
from core import delivering
from core.tasks import pending_work, system_task, tenant_task, wake
from core.tenancy import current_tenant
from sales.guests.delivering import EVENT_MAILS
from sales.guests.reminders import remind
from sales.invitations.services import SEND_MAILS

AT_ONCE = 50  # mails; a task of its own sends what is left, so that other tasks have a turn


@tenant_task(SEND_MAILS)
def send_mails() -> int:
    """Send the mails about events that wait in a tenant. Returns how many were tried."""
    tried = delivering.send_due(EVENT_MAILS, at=timezone.now(), most=AT_ONCE)
    if tried == AT_ONCE:
        wake(SEND_MAILS, tenant_id=current_tenant() or 0)
    return tried


@pending_work(SEND_MAILS)
def find_due() -> Iterable[dict[str, Any]]:
    """One task for each tenant with mails that wait, or that nobody was heard of again."""
    tenants = delivering.tenants_with_due_mails(EVENT_MAILS, timezone.now())
    return [{"tenant_id": tenant_id} for tenant_id in tenants]


@system_task("guests.remind")
def remind_all() -> int:
    """Remind whom every tenant's next events expect. Returns how many reminders there are."""
    return for_each_tenant(remind)
