from __future__ import annotations

from datetime import datetime

from core.models import TenantManager, TenantQuerySet


class SessionQuerySet(TenantQuerySet):
    """Sessions of the tenant acted for."""

    def usable(self, at: datetime) -> SessionQuerySet:
        """Neither revoked nor expired."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def expired(self, at: datetime) -> SessionQuerySet:
        """Those whose tokens no longer work for their age."""
        return self.filter(expires_at__lte=at)


SessionManager = TenantManager.from_queryset(SessionQuerySet)
