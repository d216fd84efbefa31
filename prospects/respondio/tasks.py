from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from core.models import tenant_of_written_row
from core.tasks import pending_work, tenant_task, wake
from prospects.respondio.services import send_due, tenants_with_due_leads

AT_ONCE = 100  # leads of one tenant; then others have their turn


@tenant_task("respondio.send")
def send() -> None:
    """Send a tenant's leads that are due; wake itself again while there may be more."""
    if send_due(at=timezone.now(), most=AT_ONCE) == AT_ONCE:
        wake("respondio.send", tenant_id=tenant_of_written_row(None))


@pending_work("respondio.send")
def find_due() -> Iterable[dict[str, Any]]:
    """Tenants whose leads nobody has sent although it is time."""
    return [{"tenant_id": pk} for pk in tenants_with_due_leads(timezone.now())]
