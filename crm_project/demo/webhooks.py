"""A webhook of the demo tenant, switched off: what it was told while it was on."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from accounts.webhooks.models import WebhookDelivery
from accounts.webhooks.sending import disable
from accounts.webhooks.services import create_endpoint
from core.api.errors import Surface
from core.api.rendering import dump
from sales.deals.announcing import WON, deal_data
from sales.deals.models import Deal

URL = "https://erp.demo.example/crm"  # a name that is reserved: nobody answers there
SHOWN = 6  # deals
BUSY = "upstream connect error"


def add_webhook(*, at: datetime) -> None:
    """Create the webhook and the deliveries of some deals that were won; one did not arrive.

    That it was switched off is what the tenant's admins were told last.
    """
    endpoint = create_endpoint(url=URL, events=[WON, "contact.created"])
    won = Deal.objects.filter(status=Deal.Status.WON).order_by("closed_at", "pk")[:SHOWN]
    rows = []
    for number, deal in enumerate(won):
        (told,) = deal_data(deal.pk)
        when, has_arrived = deal.closed_at or at, number != 1
        rows.append(
            WebhookDelivery(
                endpoint=endpoint,
                event=WON,
                object_id=deal.pk,
                data=json.loads(dump(told, Surface.SALES)),
                status="sent" if has_arrived else "failed",
                attempts=1 if has_arrived else 20,
                answer_status=200 if has_arrived else 503,
                answer="" if has_arrived else BUSY,
                created_at=when,
                due_at=when,
                sent_at=when + timedelta(seconds=2) if has_arrived else None,
            )
        )
    WebhookDelivery.objects.bulk_create(rows)
    disable(endpoint, at=at)
