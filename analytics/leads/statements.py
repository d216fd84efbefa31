"""The SQL of the sync, made from the columns of the lead.

Chunks of cards are given as ids or as a range of ids. A chunk is one statement: what no longer
qualifies goes, what is new or differs is written, the rest is not even locked.
"""

from __future__ import annotations

from analytics.leads.models import Lead

SOURCES = {
    str(field.column): field.source_sql
    for field in Lead._meta.concrete_fields
    if hasattr(field, "source_sql")
}
KEY = ("tenant_id", "record_type", "record_id")
COMPARED = [name for name in SOURCES if name not in KEY]

LIVE = "card.tenant_id = %(tenant)s AND card.deleted_at IS NULL AND card.type IN (1, 2)"
# A lead's columns, and which cards are leads.
FRESH = f"""
    SELECT {", ".join(f"{sql} AS {name}" for name, sql in SOURCES.items())}
    FROM prospects_prospect card
    JOIN prospects_followupcategory category
      ON category.id = card.category_id AND category.kind <> 'disqualified'
    LEFT JOIN clients_company company
      ON company.prospect_id = card.id AND company.deleted_at IS NULL
    WHERE {LIVE}
"""
OF_IDS = "{card} = ANY(%(ids)s)"
OF_RANGE = "{card} > %(after)s AND {card} <= %(last)s"


def _row(table: str) -> str:
    return f"({', '.join(f'{table}.{name}' for name in COMPARED)})"


def write_chunk(chunk: str) -> str:
    """Return the statement that brings the leads of a chunk of cards up to date.

    It answers (leads looked at, leads written, leads deleted).

    :param chunk: OF_IDS or OF_RANGE.
    """
    columns = ", ".join(SOURCES)
    return f"""
    WITH fresh AS MATERIALIZED ({FRESH} AND {chunk.format(card="card.id")}),
    kept AS MATERIALIZED (
        SELECT * FROM analytics_lead lead
        WHERE lead.tenant_id = %(tenant)s AND {chunk.format(card="lead.prospect_id")}
    ),
    gone AS (
        DELETE FROM analytics_lead WHERE id IN (
            SELECT kept.id FROM kept LEFT JOIN fresh USING (record_type, record_id)
            WHERE fresh.prospect_id IS NULL
        ) RETURNING id
    ),
    written AS (
        INSERT INTO analytics_lead AS lead (tenant_id, {columns})
        SELECT %(tenant)s, {", ".join(f"fresh.{name}" for name in SOURCES)}
        FROM fresh LEFT JOIN kept USING (record_type, record_id)
        WHERE kept.id IS NULL OR {_row("kept")} IS DISTINCT FROM {_row("fresh")}
        ON CONFLICT ({", ".join(KEY)}) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in COMPARED)},
            updated_at = statement_timestamp()
        WHERE {_row("lead")} IS DISTINCT FROM {_row("excluded")}
        RETURNING lead.id
    )
    SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM written), (SELECT count(*) FROM gone)
    """


# For a tenant without leads: nothing to compare with, and no look for a lead in the way, which
# costs a third of the writing. It answers (leads looked at, leads written, leads deleted).
FILL = f"""
    WITH written AS (
        INSERT INTO analytics_lead (tenant_id, {", ".join(SOURCES)})
        SELECT %(tenant)s, fresh.* FROM ({FRESH} AND {OF_RANGE.format(card="card.id")}) AS fresh
        RETURNING id
    )
    SELECT count(*), count(*), 0 FROM written
"""


# Each arm finds its rows by an index on (tenant, updated_at) or the like; the
# cards of a category are only looked at (OFFSET 0) when it changed. Recharges, shipments and
# monthly tiers change their company in the same transaction (triggers), notes change their card.
DIRTY = f"""
    SELECT id FROM prospects_prospect
    WHERE tenant_id = %(tenant)s AND updated_at > %(watermark)s
    UNION ALL
    SELECT prospect_id FROM clients_company
    WHERE tenant_id = %(tenant)s AND updated_at > %(watermark)s
    UNION ALL
    SELECT prospect_id FROM analytics_removal
    WHERE tenant_id = %(tenant)s AND created_at > %(watermark)s
    UNION ALL
    SELECT card.id FROM prospects_followupcategory category
    CROSS JOIN LATERAL (
        SELECT card.id FROM prospects_prospect card
        WHERE card.category_id = category.id AND {LIVE} AND NOT EXISTS (
            SELECT FROM analytics_lead WHERE tenant_id = %(tenant)s AND prospect_id = card.id
        )
        OFFSET 0
    ) AS card
    WHERE category.tenant_id = %(tenant)s AND category.updated_at > %(watermark)s
      AND category.kind <> 'disqualified'
    UNION ALL
    SELECT lead.prospect_id FROM prospects_followupcategory category
    CROSS JOIN LATERAL (
        SELECT prospect_id FROM analytics_lead
        WHERE tenant_id = %(tenant)s AND category_id = category.id OFFSET 0
    ) AS lead
    WHERE category.tenant_id = %(tenant)s AND category.updated_at > %(watermark)s
      AND category.kind = 'disqualified'
"""
# Materialized: else the wish for an order would lure the planner into reading whole tables by id.
IN_ORDER = f"WITH dirty AS MATERIALIZED ({DIRTY}) SELECT DISTINCT id FROM dirty ORDER BY id"

# The next cards that are leads, in the order of their ids.
NEXT_CARDS = f"""
    SELECT card.id FROM prospects_prospect card
    JOIN prospects_followupcategory category
      ON category.id = card.category_id AND category.kind <> 'disqualified'
    WHERE {LIVE} AND card.id > %(after)s AND card.id <= %(last)s ORDER BY card.id LIMIT %(limit)s
"""
CARD_BOUNDARY = """
    SELECT id FROM prospects_prospect
    WHERE tenant_id = %(tenant)s AND id > %(after)s ORDER BY id OFFSET %(skip)s LIMIT 1
"""
# From where the next run must look. Transactions of other databases cannot write here; vacuum
# changes no rows. A session whose start we may not see, or a prepared transaction, says nothing of
# when it began: while one of them has written something the watermark stays where it is.
CLOCK = """
    SELECT clock_timestamp(),
           (SELECT min(xact_start) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
              AND backend_type <> 'autovacuum worker'),
           EXISTS (
               SELECT FROM pg_locks JOIN pg_stat_activity activity USING (pid)
               WHERE locktype = 'transactionid' AND granted AND activity.xact_start IS NULL
                 AND activity.datname = current_database() AND pid <> pg_backend_pid()
           ) OR EXISTS (SELECT FROM pg_prepared_xacts WHERE database = current_database())
"""
FORGET_REMOVALS = """
    DELETE FROM analytics_removal WHERE tenant_id = %(tenant)s AND created_at <= %(watermark)s
"""
