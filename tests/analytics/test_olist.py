"""A real marketplace's leads and the deals it closed, read by the product and by csv alone.

The files (Marketing Funnel by Olist: the qualified leads and the closed deals) do not come with
the product. Put them into a directory as olist_leads.csv and olist_closed_deals.csv, then

    CRM_OLIST_DIR=/the/directory bin/test -m slow tests/analytics/test_olist.py
"""

from __future__ import annotations

import csv
import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from core.tenancy import across_tenants

DIRECTORY = Path(os.environ.get("CRM_OLIST_DIR", ""))
LEADS, DEALS = DIRECTORY / "olist_leads.csv", DIRECTORY / "olist_closed_deals.csv"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "CRM_OLIST_DIR" not in os.environ,
        reason="set CRM_OLIST_DIR to the directory of olist_leads.csv and olist_closed_deals.csv",
    ),
]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text):
    """26-02-2018, whatever the time that follows."""
    return date(*map(int, reversed(text.split()[0].split("-"))))


def closing_days():
    """Days from the first contact to the deal, of each lead that was won."""
    first = {row["mql_id"]: day(row["first_contact_date"]) for row in rows(LEADS)}
    return [(day(row["won_date"]) - first[row["mql_id"]]).days for row in rows(DEALS)]


class TestRealLeads:
    def test_are_counted_as_the_files_say(self, team, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with across_tenants():
            bring_in(LEADS, team, "first_contact_date=created_at", "origin=channel")
            bring_in(
                DEALS,
                team,
                "sr_id=owner",
                "won_date=category_changed_at",
                "business_segment=content",
                "declared_monthly_revenue=account_value",
                "--set=category=active_client",
                "--update",
                "--create-users",
            )
            call_command("sync_analytics", "--tenant", team.tenant.slug)
            call_command("verify_analytics", "--tenant", team.tenant.slug)
        answer = team.mona.get("/prospects/client-analytics")
        payload = json.loads(answer.content, parse_float=Decimal)
        days = closing_days()
        assert payload["kpis"]["total_leads"]["current"] == len(rows(LEADS)) == 8000
        assert payload["outcome_summary"]["won"] == len(days) == 842
        assert sum(1 for each in days if each < 0) == 1
        average = Decimal(sum(days)) / len(days)
        assert abs(payload["extra_kpis"]["avg_closing_days"] - average) <= Decimal("0.05")
        assert sum(row["won"] for row in payload["by_executive_stage"]) == 842
        closed = payload["rows_url"]["extra_kpis"]["avg_closing_days"]
        assert sorted(self.all_closing_days(team, closed)) == sorted(days)

    def all_closing_days(self, team, url):
        found = []
        while True:
            page = team.mona.get(f"{url}&start={len(found)}&length=100").json()
            found += [row["closing_days"] for row in page["data"]]
            if len(found) == page["recordsFiltered"]:
                return found


def bring_in(path, team, *options):
    mapped = [f"--map={each}" if not each.startswith("--") else each for each in options]
    call_command(
        "import_prospects",
        str(path),
        "--tenant",
        team.tenant.slug,
        "--external-id-column=mql_id",
        *mapped,
    )
