"""The bare SQL that the sync and the dashboard are measured against, written by hand."""

from __future__ import annotations

COLUMNS = (
    "tenant_id, category_id, prospect_id, record_id, created_at, category_changed_at, record_type, "
    "has_recharge, monthly_shipments, owner_id, locale_id, content_id, first_shipment_at, tier, "
    "account_value"
)
SELECT = """
    SELECT c.tenant_id, c.category_id, c.id, coalesce(k.id, c.id), c.created_at,
           c.category_changed_at, CASE WHEN k.id IS NULL THEN 1 ELSE 2 END,
           k.first_recharge_at IS NOT NULL, c.monthly_shipments, c.owner_id, c.locale_id,
           c.content_id, k.first_shipment_at, k.tier, c.account_value
    FROM prospects_prospect c
    JOIN prospects_followupcategory f ON f.id = c.category_id AND f.kind <> 'disqualified'
    LEFT JOIN clients_company k ON k.prospect_id = c.id AND k.deleted_at IS NULL
    WHERE c.tenant_id = %(tenant)s AND c.deleted_at IS NULL AND c.type IN (1, 2)
"""
OF_RANGE = "c.id > %(after)s AND c.id <= %(last)s"
OF_IDS = "c.id = ANY(%(ids)s)"
INSERT = f"INSERT INTO analytics_lead ({COLUMNS}) {SELECT}"
CHANGE_CARDS = """
    UPDATE prospects_prospect SET monthly_shipments = coalesce(monthly_shipments, 0) + 1
    WHERE id = ANY(%(ids)s)
"""
CHANGE_LEADS = """
    UPDATE analytics_lead SET monthly_shipments = coalesce(monthly_shipments, 0) + 1
    WHERE tenant_id = %(tenant)s AND prospect_id = ANY(%(ids)s)
"""
OWNERS = """
    SELECT owner_id, count(*) FROM analytics_lead
    WHERE tenant_id = %(tenant)s AND owner_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC
"""
CREATED = """
    created_at >= %(from)s::date::timestamp AT TIME ZONE %(zone)s
    AND created_at < %(until)s::date::timestamp AT TIME ZONE %(zone)s
"""
IN_STAGE = """
    category_id = (
        SELECT id FROM prospects_followupcategory
        WHERE tenant_id = %(tenant)s AND name = %(name)s
    ) AND first_shipment_at IS NULL AND NOT has_recharge
"""
OF_PRODUCT = """
    content_id = (
        SELECT id FROM prospects_content WHERE tenant_id = %(tenant)s AND name = %(name)s
    )
"""


def upsert(cards: str) -> str:
    """Bring the leads of some cards up to date, in one statement."""
    names = [name for name in COLUMNS.split(", ") if name != "tenant_id"]
    values = [name for name in names if name not in ("record_type", "record_id")]
    return f"""
        INSERT INTO analytics_lead AS l ({COLUMNS}) {SELECT} AND {cards}
        ON CONFLICT (tenant_id, record_type, record_id) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in values)},
            updated_at = statement_timestamp()
        WHERE ({", ".join(f"l.{name}" for name in values)})
            IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in values)})
    """


def aggregate(condition: str) -> str:
    """The sums of the main figures over some leads: one scan."""
    return f"""
        SELECT count(*), sum(monthly_shipments), sum(account_value),
               count(*) FILTER (WHERE first_shipment_at IS NOT NULL),
               count(*) FILTER (WHERE has_recharge)
        FROM analytics_lead WHERE tenant_id = %(tenant)s AND {condition}
    """
