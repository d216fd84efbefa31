from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.tasks import pending_work, tenant_task, wake
from core.tenancy import current_tenant
from sales.mass_mail.delivering import a_lane, send_for_a_while
from sales.mass_mail.models import Campaign
from sales.mass_mail.services import LANES, SEND_CAMPAIGN

# So long a worker sends before other work has its turn.
A_WHILE = timedelta(seconds=15)


@tenant_task(SEND_CAMPAIGN)
def send_campaign(*, campaign_id: int, lane: int) -> bool:
    """Send mails of a campaign for a while, and come back if there are more."""
    with a_lane(campaign_id, lane) as is_mine:
        until = timezone.now() + A_WHILE
        goes_on = is_mine and send_for_a_while(campaign_id=campaign_id, until=until)
    if goes_on:
        wake(SEND_CAMPAIGN, tenant_id=current_tenant() or 0, campaign_id=campaign_id, lane=lane)
    return goes_on


@pending_work(SEND_CAMPAIGN)
def find_due() -> Iterator[dict[str, Any]]:
    """Each lane of each campaign with mails that wait, or that nobody was heard of again."""
    found = Campaign.objects.with_work(timezone.now()).filter(tenant__is_active=True)
    for tenant_id, pk in found.values_list("tenant_id", "pk"):
        for lane in range(LANES):
            yield {"tenant_id": tenant_id, "campaign_id": pk, "lane": lane}
