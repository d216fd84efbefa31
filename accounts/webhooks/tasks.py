from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts.tenants.rounds import for_each_tenant
from accounts.webhooks import sending
from core.models import tenant_of_written_row
from core.tasks import pending_work, system_task, tenant_task, wake

AT_ONCE = 100  # deliveries to one endpoint; then others have their turn


@tenant_task("webhooks.deliver")
def deliver(*, endpoint_id: int) -> None:
    """Send an endpoint what is due; wake itself again while there may be more."""
    at = timezone.now()
    if sending.send_due(endpoint_id=endpoint_id, at=at, most=AT_ONCE) == AT_ONCE:
        tenant_id = tenant_of_written_row(None)
        wake("webhooks.deliver", tenant_id=tenant_id, endpoint_id=endpoint_id)


@pending_work("webhooks.deliver")
def find_due() -> Iterable[dict[str, Any]]:
    """Endpoints that nobody has told although it is time."""
    return sending.endpoints_with_due(timezone.now())


@system_task("webhooks.forget_old")
def forget_old() -> int:
    """Forget what was delivered a month ago: until then people can look it up and send it again."""
    return for_each_tenant(lambda: sending.forget_old(at=timezone.now()), with_inactive=True)
