"""Deals of the measured tenant: each of one person, owned by whoever owns the person's card."""

from __future__ import annotations

import time

from benchmarks.database import connect, value_of
from benchmarks.people import find_tenant
from core.embedded.errors import EmbeddedError

TABLES = "sales_deal, sales_dealcontact, sales_stagestay"
# In one statement: the deals with ids taken before, so that what hangs on them knows them. People
# are taken in an order that has nothing to do with their age.
FILL = """
    WITH stage AS MATERIALIZED (
        SELECT s.*, row_number() OVER (ORDER BY s.position, s.id) - 1 AS number,
               count(*) OVER () AS stages
        FROM sales_stage s JOIN sales_pipeline p ON p.id = s.pipeline_id
        WHERE p.tenant_id = %(tenant)s AND p.is_default
    ), person AS MATERIALIZED (
        SELECT nextval('sales_deal_id_seq') AS deal_id, picked.*
        FROM (
            SELECT c.id AS contact_id, card.owner_id, card.company_name,
                   card.created_at, row_number() OVER (ORDER BY hashint8(c.id), c.id) AS number
            FROM prospects_contact c JOIN prospects_prospect card ON card.id = c.prospect_id
            WHERE c.tenant_id = %(tenant)s AND c.is_primary AND card.deleted_at IS NULL
            ORDER BY number LIMIT %(deals)s
        ) AS picked
    ), deal AS (
        INSERT INTO sales_deal
            (id, tenant_id, name, amount, currency, probability, pipeline_id, stage_id, rank,
             status, closed_at, lost_reason, owner_id, created_by_id, search_text,
             expected_close_date, created_at)
        SELECT person.deal_id, %(tenant)s, 'Plan ' || person.number || ' - ' || company_name,
               1000 + (person.number * 7919) %% 500000,
               CASE WHEN person.number %% 5 = 0 THEN 'USD' ELSE 'MXN' END,
               stage.default_probability, stage.pipeline_id, stage.id, person.number, stage.kind,
               CASE WHEN stage.kind <> 'open' THEN person.created_at + interval '20 days' END, '',
               person.owner_id, person.owner_id,
               ' plan ' || person.number || ' - ' || lower(company_name),
               (person.created_at + interval '60 days')::date, person.created_at
        FROM person JOIN stage ON stage.number = (person.number * 31 / 7) %% stage.stages
        RETURNING id, stage_id, created_at
    ), people AS (
        INSERT INTO sales_dealcontact (tenant_id, deal_id, contact_id)
        SELECT %(tenant)s, deal_id, contact_id FROM person
    )
    INSERT INTO sales_stagestay (tenant_id, deal_id, stage_id, stage_name, entered_at)
    SELECT %(tenant)s, deal.id, stage.id, stage.name, deal.created_at
    FROM deal JOIN stage ON stage.id = deal.stage_id
"""


def seed_deals(*, deals: int) -> None:
    """Write so many deals, at most one for each person.

    :raises EmbeddedError: there is no tenant yet, or it has deals already.
    """
    tenant = find_tenant()
    if tenant is None:
        raise EmbeddedError("there is no tenant: python -m benchmarks seed")
    with connect() as database:
        known = "SELECT EXISTS (SELECT FROM sales_deal WHERE tenant_id = %s)"
        if value_of(database, known, [tenant.pk]):
            raise EmbeddedError("the tenant has deals already")
        began = time.perf_counter()
        database.execute(FILL, {"tenant": tenant.pk, "deals": deals})
        database.execute(f"VACUUM (ANALYZE) {TABLES}")
        count = value_of(
            database, "SELECT count(*) FROM sales_deal WHERE tenant_id = %s", [tenant.pk]
        )
        print(f"{count:,} deals: {time.perf_counter() - began:,.1f} s", flush=True)
