"""The deals that a real marketplace closed, loaded over HTTP: the board's sums are the file's.

`CRM_OLIST_DIR` names the directory of the file; without it there is nothing to test.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import BOARD, DEALS, deal, move, stage

FILE = Path(os.environ.get("CRM_OLIST_DIR", "/nonexistent")) / "olist_closed_deals.csv"
SAO_PAULO = ZoneInfo("America/Sao_Paulo")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FILE.exists(), reason="CRM_OLIST_DIR is not set"),
]


def rows():
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def won_at(row):
    """26-02-2018 19:58, as clocks in São Paulo showed it."""
    return datetime.strptime(row["won_date"], "%d-%m-%Y %H:%M").replace(tzinfo=SAO_PAULO)


def load(team, row, won):
    """A contact, a deal of theirs, and the day on which it was won."""
    person = contact(team.mona, first_name=row["mql_id"], source=row["lead_type"])
    made = deal(
        team,
        team.mona,
        name=f"{row['business_segment']} {row['mql_id']}",
        amount=row["declared_monthly_revenue"],
        currency="BRL",
        contact_ids=[person["id"]],
    )
    moved = move(team.mona, made["id"], won, closed_at=won_at(row).isoformat())
    assert moved.status_code == 200, moved.content
    return moved.json()["data"]


class TestRealDeals:
    def test_are_summed_as_the_file_says(self, team):
        known, won = rows(), stage(team, "Ganado").pk
        loaded = [load(team, row, won) for row in known]
        answer = team.mona.get(BOARD)
        stages = json.loads(answer.content, parse_float=Decimal)["data"]["stages"]
        by_name = {each["name"]: each for each in stages}
        total = sum(Decimal(row["declared_monthly_revenue"]) for row in known)
        assert len(known) == 842
        assert by_name["Ganado"]["count"] == 842
        assert by_name["Ganado"]["totals"] == [
            {"currency": "BRL", "count": 842, "amount": total, "weighted_amount": total}
        ]
        assert sum(each["count"] for each in stages) == 842
        days = Counter(datetime.fromisoformat(each["closed_at"]) for each in loaded)
        assert days == Counter(won_at(row) for row in known)
        segment = known[0]["business_segment"]
        found = team.mona.get(DEALS, {"search": segment, "status": "won"}).json()["meta"]["total"]
        assert found == sum(segment in row["business_segment"] for row in known)
