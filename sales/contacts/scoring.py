"""The lead score: how promising a person is, from 0 to 100.

It is the sum of five parts:

- profile, up to 25: what is known of them (PROFILE);
- recency, up to 25: how many days ago somebody was last in touch with them (RECENCY);
- interactions, up to 15: how often anybody was (INTERACTIONS);
- stage, up to 15: how far they have come (STAGES);
- deals, up to 20: what those that they have to do with are worth, unless lost (DEALS).

Notes that name a person count as being in touch, for a card's primary contact those that name
nobody too, and activities about them that are completed. Amounts are compared in US dollars, at the
rates of the locales; what is in a currency without a rate counts as nothing but a deal.
The tables of deals and activities are those of the leaves above: SQL names them here, and here
alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection

from core.tenancy import current_tenant
from prospects.contacts.models import LifecycleStage

# Condition on the contact `c` and its card → points.
PROFILE = {
    "c.first_name > ''": 2,
    "c.last_name > ''": 2,
    "c.email > ''": 6,
    "c.phone > ''": 6,
    "c.position > ''": 3,
    "card.company_name > ''": 3,
    "c.city > '' OR c.country > ''": 3,
}
# At most so many days ago → points; longer ago, or never: none.
RECENCY = {7: 25, 30: 15, 90: 8}
# At least so many → points.
INTERACTIONS = {10: 15, 5: 11, 2: 7, 1: 4}
STAGES = {
    LifecycleStage.LEAD: 4,
    LifecycleStage.PROSPECT: 8,
    LifecycleStage.CUSTOMER: 15,
    LifecycleStage.EVANGELIST: 15,
    LifecycleStage.LOST: 0,
}
# Worth at least so many dollars, all together → points; 0: there is a deal.
DEALS = {50_000: 20, 10_000: 15, 1_000: 10, 0: 5}


def _first_of(conditions: Mapping[str, int]) -> str:
    """SQL of the points of the first condition that holds; none if none does."""
    cases = " ".join(f"WHEN {condition} THEN {points}" for condition, points in conditions.items())
    return f"CASE {cases} ELSE 0 END"


def score_sql() -> str:
    """Return SQL of the score of a contact `c` with its `card`.

    How often somebody was in touch is counted in `met`, what the deals are worth in `sold`.
    """
    parts = [_first_of({condition: points}) for condition, points in PROFILE.items()]
    parts.append(
        _first_of({f"met.latest >= %(at)s - interval '{n} days'": p for n, p in RECENCY.items()})
    )
    parts.append(_first_of({f"met.times >= {n}": p for n, p in INTERACTIONS.items()}))
    parts.append(_first_of({f"c.lifecycle_stage = '{s}'": p for s, p in STAGES.items()}))
    parts.append(_first_of({f"sold.dollars >= {n}": p for n, p in DEALS.items()}))
    return " + ".join(parts)


# Who is being changed by somebody else keeps the score until the next time: nobody waits here.
REFRESH = f"""
    WITH rate AS MATERIALIZED (
        SELECT currency, avg(rate) AS per_dollar FROM prospects_locale GROUP BY currency
    ), changed AS MATERIALIZED (
        SELECT c.id, {score_sql()} AS score, met.latest
        FROM prospects_contact c
        LEFT JOIN prospects_prospect card ON card.id = c.prospect_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS times, max(touch.at) AS latest
            FROM (
                SELECT n.created_at AS at FROM prospects_followupnote n WHERE n.contact_id = c.id
                UNION ALL
                SELECT n.created_at FROM prospects_followupnote n
                WHERE c.is_primary AND n.prospect_id = c.prospect_id AND n.contact_id IS NULL
                UNION ALL
                SELECT a.completed_at FROM sales_activity a
                WHERE a.contact_id = c.id AND a.status = 'completed'
            ) AS touch
        ) AS met
        CROSS JOIN LATERAL (
            SELECT sum(coalesce(d.amount / rate.per_dollar, 0)) AS dollars
            FROM sales_dealcontact of
            JOIN sales_deal d
              ON d.id = of.deal_id AND d.deleted_at IS NULL AND d.status <> 'lost'
            LEFT JOIN rate ON rate.currency = d.currency
            WHERE of.contact_id = c.id
        ) AS sold
        WHERE c.id = ANY(%(ids)s) AND c.tenant_id = %(tenant_id)s AND c.deleted_at IS NULL
    ), free AS (
        SELECT c.id, changed.score, changed.latest
        FROM changed JOIN prospects_contact c ON c.id = changed.id
        WHERE (c.lead_score, c.last_activity_at) IS DISTINCT FROM (changed.score, changed.latest)
        ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
    )
    UPDATE prospects_contact AS c SET lead_score = free.score, last_activity_at = free.latest
    FROM free WHERE c.id = free.id
"""


def refresh_scores(contact_ids: Collection[int], *, at: datetime) -> int:
    """Write the score of these contacts, and when somebody was last in touch with them, where it
    is another one now. Returns how many changed."""
    if not contact_ids:
        return 0
    with connection.cursor() as cursor:
        params = {"ids": list(contact_ids), "tenant_id": current_tenant(), "at": at}
        cursor.execute(REFRESH, params)
        return cursor.rowcount
