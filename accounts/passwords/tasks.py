from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.passwords import sending
from core.tasks import pending_work, system_task
from core.tenancy import across_tenants, tenant_scope

AT_ONCE = 100  # mails of one tenant; what is left waits for the sweep


@system_task("passwords.send_links")
def send_links() -> None:
    """Send the mails that are due, of one tenant after the other."""
    at = timezone.now()
    with across_tenants():
        tenants = sending.tenants_with_due_links(at)
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            sending.send_links(at=at, most=AT_ONCE)


@pending_work("passwords.send_links")
def find_due() -> Iterable[dict[str, Any]]:
    """One task sends everybody's, if anything waits."""
    return [{}] if sending.tenants_with_due_links(timezone.now()) else []
