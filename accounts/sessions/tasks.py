from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.sessions.services import drop_expired_sessions
from core.tasks import system_task
from core.tenancy import across_tenants

KEPT_AFTER_EXPIRY = timedelta(days=30)


@system_task("sessions.drop_expired")
def drop_expired() -> int:
    """Forget sessions that expired a month ago: until then people can look them up."""
    with across_tenants():
        return drop_expired_sessions(before=timezone.now() - KEPT_AFTER_EXPIRY)
