"""Finding what changed reads indexes, never a source table."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from analytics.leads.services import sync_leads
from analytics.leads.statements import IN_ORDER
from tests.analytics.operations_of import company

SOURCES = ("prospects_prospect", "clients_company")
MANY = 5000
CARDS = """
    INSERT INTO prospects_prospect (tenant_id, category_id, category_changed_at,
        created_at, type, company_name, name, email, phone_code, phone, external_id, channel,
        account_type, annotations, search_text)
    SELECT tenant_id, category_id, now(), now(), 2, 'C' || n, '', '', '', '', '', '', '', '', ''
    FROM prospects_prospect, generate_series(1, %s) AS n WHERE id = %s
"""
COMPANIES = """
    INSERT INTO clients_company
        (tenant_id, prospect_id, domain, industry, employee_range, phone, email, tax_id, balance)
    SELECT tenant_id, id, '', '', '', '', '', '', 0 FROM prospects_prospect
    WHERE id NOT IN (SELECT prospect_id FROM clients_company)
"""


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def many(in_tenant, team):
    """A tenant with thousands of companies, all of them leads."""
    first = company(team)
    run(CARDS, MANY, first.prospect_id)
    run(COMPANIES)
    run("ANALYZE prospects_prospect, clients_company")
    log = sync_leads()
    run("UPDATE prospects_prospect SET channel = 'web' WHERE id %% 100 = 0")
    return log


def plan_since(team, moment):
    """The steps of finding what changed after a moment."""
    params = {"tenant": team.tenant.pk, "watermark": moment}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {IN_ORDER}", params)
        (found,) = cursor.fetchone()
    plan = found if isinstance(found, list) else json.loads(found)
    return list(nodes(plan[0]["Plan"]))


def nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


class TestFindingWhatChanged:
    def test_goes_by_the_time_of_the_change(self, many, team):
        steps = plan_since(team, many.started_at)
        read = [step for step in steps if step.get("Relation Name") in SOURCES]
        assert "Seq Scan" not in {step["Node Type"] for step in read if step["Actual Loops"]}
        by = {step.get("Index Name"): step.get("Index Cond", "") for step in steps}
        for table in SOURCES:
            assert "updated_at" in by[f"{table}_changed"]
