"""What became of campaigns, in numbers. Nothing is stored: the index of recipients is counted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from core.tenancy import current_tenant

SIX = ("recipients", "sent", "failed", "opened", "clicked", "unsubscribed")
MORE = ("queued", "in_flight", "unknown", "skipped", "bounced")
COUNT = """
    SELECT campaign_id, count(*),
        count(*) FILTER (WHERE status = 'sent'), count(*) FILTER (WHERE status = 'failed'),
        count(opened_at), count(clicked_at), count(unsubscribed_at),
        count(*) FILTER (WHERE status = 'queued'), count(*) FILTER (WHERE status = 'in_flight'),
        count(*) FILTER (WHERE status = 'unknown'), count(*) FILTER (WHERE status = 'skipped'),
        count(bounced_at)
    FROM sales_campaignrecipient
    WHERE campaign_id = ANY(%s) {of_tenant} GROUP BY campaign_id
"""


def stats_of(campaign_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Return what became of the mails of each campaign."""
    tenant_id = current_tenant()
    sql = COUNT.format(of_tenant="" if tenant_id is None else "AND tenant_id = %s")
    params: list[Any] = [list(campaign_ids), *([] if tenant_id is None else [tenant_id])]
    counts = {pk: dict.fromkeys((*SIX, *MORE), 0) for pk in campaign_ids}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for pk, *numbers in cursor.fetchall():
            counts[pk] = dict(zip((*SIX, *MORE), numbers, strict=True))
    return counts
