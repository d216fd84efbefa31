from __future__ import annotations

from typing import Any

from core.models import TenantManager, TenantQuerySet


class NotificationQuerySet(TenantQuerySet):
    """What people were told."""

    def of(self, user: Any) -> NotificationQuerySet:
        """Somebody's own, the latest first."""
        return self.filter(user_id=user.pk).order_by("-created_at", "-pk")

    def unread(self) -> NotificationQuerySet:
        """Those that nobody has looked at yet."""
        return self.filter(read_at__isnull=True)

    def unread_count(self, user: Any, *, most: int | None = None) -> int:
        """How many somebody has not looked at; counting stops at `most`."""
        return int(self.filter(user_id=user.pk).unread()[:most].count())


NotificationManager = TenantManager.from_queryset(NotificationQuerySet)
