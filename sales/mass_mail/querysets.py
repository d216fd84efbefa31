from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from core.models import TenantManager, TenantQuerySet


class CampaignQuerySet(TenantQuerySet):
    """Campaigns."""

    def due(self, at: datetime) -> CampaignQuerySet:
        """Those whose time to begin has come."""
        return self.filter(status="scheduled", scheduled_at__lte=at)

    def sendable(self, at: datetime) -> CampaignQuerySet:
        """Those of which mails may leave now: the mail server is not left alone after trouble."""
        return self.filter(Q(retry_at=None) | Q(retry_at__lte=at), status="sending")

    def with_work(self, at: datetime) -> CampaignQuerySet:
        """Those with mails to send or to give up, and those that are done without knowing it."""
        mails = apps.get_model("sales", "CampaignRecipient").objects.filter(campaign=OuterRef("pk"))
        waiting = mails.filter(status__in=("queued", "in_flight"))
        queued = mails.filter(status="queued", due_at__lte=at)
        lost = mails.filter(status="in_flight", due_at__lte=at)
        to_send = Q(pk__in=self.sendable(at).values("pk")) & (Exists(queued) | ~Exists(waiting))
        begun = Q(status__in=("sending", "paused", "cancelled"))
        return self.filter(to_send | begun & Exists(lost))


class CampaignManager(TenantManager.from_queryset(CampaignQuerySet)):  # type: ignore[misc]
    """Campaigns of the tenant acted for."""
