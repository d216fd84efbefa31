from __future__ import annotations

from django.utils import timezone

from accounts.tenants.rounds import for_each_tenant
from core.tasks import system_task
from sales.mass_mail.models import Campaign
from sales.mass_mail.services import start_scheduled


@system_task("campaigns.start_due")
def start_due() -> int:
    """Begin to send every campaign whose time has come. Returns how many were begun."""
    return for_each_tenant(_start)


def _start() -> int:
    at = timezone.now()
    due = Campaign.objects.due(at).order_by("scheduled_at", "pk")
    return sum(start_scheduled(campaign_id=pk, at=at) for pk in due.values_list("pk", flat=True))
