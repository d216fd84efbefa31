"""The lead score: how promising a person is, from 0 to 100.

It is the sum of four parts:

- profile, up to 30: what is known of them (PROFILE);
- recency, up to 30: how many days ago somebody was last in touch with them (RECENCY);
- interactions, up to 20: how often anybody was (INTERACTIONS);
- stage, up to 20: how far they have come (STAGES).

Notes that name a person count, and for a card's primary contact those that name nobody.
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
    "c.email > ''": 8,
    "c.phone > ''": 8,
    "c.position > ''": 4,
    "card.company_name > ''": 3,
    "c.city > '' OR c.country > ''": 3,
}
# At most so many days ago → points; longer ago, or never: none.
RECENCY = {7: 30, 30: 20, 90: 10}
# At least so many → points.
INTERACTIONS = {10: 20, 5: 15, 2: 10, 1: 5}
STAGES = {
    LifecycleStage.LEAD: 5,
    LifecycleStage.PROSPECT: 10,
    LifecycleStage.CUSTOMER: 20,
    LifecycleStage.EVANGELIST: 20,
    LifecycleStage.LOST: 0,
}


def _first_of(conditions: Mapping[str, int]) -> str:
    """SQL of the points of the first condition that holds; none if none does."""
    cases = " ".join(f"WHEN {condition} THEN {points}" for condition, points in conditions.items())
    return f"CASE {cases} ELSE 0 END"


def score_sql() -> str:
    """Return SQL of the score of a contact `c` with its `card` and its notes, counted in `met`."""
    parts = [_first_of({condition: points}) for condition, points in PROFILE.items()]
    parts.append(
        _first_of({f"met.latest >= %(at)s - interval '{n} days'": p for n, p in RECENCY.items()})
    )
    parts.append(_first_of({f"met.times >= {n}": p for n, p in INTERACTIONS.items()}))
    parts.append(_first_of({f"c.lifecycle_stage = '{s}'": p for s, p in STAGES.items()}))
    return " + ".join(parts)


# Who is being changed by somebody else keeps the score until the next time: nobody waits here.
REFRESH = f"""
    WITH changed AS MATERIALIZED (
        SELECT c.id, {score_sql()} AS score
        FROM prospects_contact c
        LEFT JOIN prospects_prospect card ON card.id = c.prospect_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS times, max(note.created_at) AS latest
            FROM (
                SELECT n.created_at FROM prospects_followupnote n WHERE n.contact_id = c.id
                UNION ALL
                SELECT n.created_at FROM prospects_followupnote n
                WHERE c.is_primary AND n.prospect_id = c.prospect_id AND n.contact_id IS NULL
            ) AS note
        ) AS met
        WHERE c.id = ANY(%(ids)s) AND c.tenant_id = %(tenant_id)s AND c.deleted_at IS NULL
    ), free AS (
        SELECT c.id, changed.score
        FROM changed JOIN prospects_contact c ON c.id = changed.id
        WHERE c.lead_score <> changed.score
        ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
    )
    UPDATE prospects_contact AS c SET lead_score = free.score FROM free WHERE c.id = free.id
"""


def refresh_scores(contact_ids: Collection[int], *, at: datetime) -> int:
    """Write the score of these contacts where it is another one now. Returns how many changed."""
    if not contact_ids:
        return 0
    with connection.cursor() as cursor:
        params = {"ids": list(contact_ids), "tenant_id": current_tenant(), "at": at}
        cursor.execute(REFRESH, params)
        return cursor.rowcount
