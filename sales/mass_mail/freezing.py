"""Who gets a campaign: read from its segment once, when sending begins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from sales.mass_mail.models import Campaign
from sales.segments.membership import members

# One statement: whoever joins or leaves the segment meanwhile is in it or not, but never half.
# Of people who share an address the first is written to. Addresses are stored in lower case; what
# came by raw SQL may not be.
FREEZE = """
    WITH people AS MATERIALIZED (
        SELECT id, lower(btrim(email)) AS address FROM prospects_contact WHERE id IN ({members})
    ), reachable AS (
        SELECT min(id) AS id, address FROM people
        WHERE address ~ '^[^@[:space:]<>,;]+@[^@[:space:]<>,;]+$' GROUP BY address
    ), wanted AS (
        SELECT id, address FROM reachable WHERE NOT EXISTS (
            SELECT FROM sales_suppressedaddress AS suppressed
            WHERE suppressed.tenant_id = %s AND suppressed.address = reachable.address
              AND suppressed.ended_at IS NULL
        )
    ), frozen AS (
        INSERT INTO sales_campaignrecipient (tenant_id, campaign_id, contact_id, address, due_at)
        SELECT %s, %s, id, address, %s FROM wanted ORDER BY id
        RETURNING 1
    )
    SELECT
        (SELECT count(*) FROM frozen),
        (SELECT count(*) FROM people WHERE address = ''),
        (SELECT count(*) FROM people
         WHERE address > '' AND address !~ '^[^@[:space:]<>,;]+@[^@[:space:]<>,;]+$'),
        (SELECT count(*) FROM people
         WHERE address ~ '^[^@[:space:]<>,;]+@[^@[:space:]<>,;]+$')
        - (SELECT count(*) FROM reachable),
        (SELECT count(*) FROM reachable) - (SELECT count(*) FROM wanted)
"""
COUNT = """
    SELECT count(DISTINCT lower(btrim(email))) FROM prospects_contact WHERE id IN ({members})
    AND lower(btrim(email)) ~ '^[^@[:space:]<>,;]+@[^@[:space:]<>,;]+$' AND NOT EXISTS (
        SELECT FROM sales_suppressedaddress AS suppressed
        WHERE suppressed.tenant_id = prospects_contact.tenant_id
          AND suppressed.address = lower(btrim(email)) AND suppressed.ended_at IS NULL
    )
"""
REASONS = ("no_address", "invalid_address", "same_address", "suppressed")


def freeze_recipients(campaign: Campaign, *, at: datetime) -> int:
    """Write down everybody to whom a locked campaign goes; return how many they are.

    Who of the segment gets none is counted in `campaign.skipped`.
    """
    sql, params = _members_of(campaign)
    given = (*params, campaign.tenant_id, campaign.tenant_id, campaign.pk, at)
    with connection.cursor() as cursor:
        cursor.execute(FREEZE.format(members=sql), given)
        number, *skipped = cursor.fetchone()
    campaign.skipped = dict(zip(REASONS, skipped, strict=True))
    return int(number)


def count_recipients(campaign: Campaign) -> int:
    """Return how many would get a campaign if it was sent now; 0 without a segment."""
    if campaign.segment is None:
        return 0
    sql, params = _members_of(campaign)
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(members=sql), params)
        (number,) = cursor.fetchone()
    return int(number)


def _members_of(campaign: Any) -> tuple[str, tuple[Any, ...]]:
    """SQL for the ids of the people in the segment of a campaign."""
    people = members(campaign.segment).order_by().values("pk")
    sql, params = people.query.sql_with_params()
    return sql, params
