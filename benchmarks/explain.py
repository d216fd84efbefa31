"""EXPLAIN.md: what each filter of the contract costs, and by which plan.

The statements are those that the product itself runs: the list's view is called and listened to.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.users.models import User
from benchmarks.bench import NOT_SEEDED
from benchmarks.filters import Query, every_filter
from benchmarks.people import MANAGER, find_tenant
from benchmarks.plans import summary
from core.embedded.errors import EmbeddedError
from core.tenancy import across_tenants, no_tenant, tenant_scope
from prospects.board.views import ListView

PLANS = Path(__file__).parent / "EXPLAIN.md"
TEXT = """# Plans

Every filter of the contract on the list, first page and exact count, as the manager sees it: the
statements are those of the product's view that find cards (what a page shows is then read by their
ids). A first page that is not full is not counted. Times are of one EXPLAIN (ANALYZE, BUFFERS) with
data in the cache, in milliseconds, planning included.

{when}: {cards:,} cards, PostgreSQL {version}, load average {load:.1f} before.

| filter | cards | count ms | how | page ms | how |
|---|--:|--:|---|--:|---|
"""
CARDS = re.compile(r"FROM prospects_prospect\b")  # every statement that finds cards has it


@dataclass(frozen=True)
class Plan:
    """One explained statement."""

    milliseconds: float
    summary: str


def explain_filters() -> None:
    """Write the plan of every filter.

    :raises EmbeddedError: there is no tenant to ask.
    """
    tenant = find_tenant()
    if tenant is None:
        raise EmbeddedError(NOT_SEEDED)
    with across_tenants():
        manager = User.objects.select_related("tenant").get(email=MANAGER)
    with tenant_scope(tenant.pk):
        queries = list(every_filter())
    lines = []
    heading = _heading(tenant.pk)
    for title, query in queries:
        lines.append(_line(title, query, manager))
        print(lines[-1], end="", flush=True)
    PLANS.write_text(heading + "".join(lines), encoding="utf-8")


def _heading(tenant_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        (version,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM prospects_prospect WHERE tenant_id = %s", [tenant_id])
        (cards,) = cursor.fetchone()
    when, load = f"{timezone.now():%Y-%m-%d}", os.getloadavg()[0]
    return TEXT.format(when=when, cards=cards, version=version, load=load)


def _line(title: str, query: Query, user: User) -> str:
    answer, statements = _listen(query, user)
    number = answer["recordsFiltered"]
    plans = {_is_count(sql): _explain(sql, params) for sql, params in statements}
    return f"| {title} | {number:,} | {_cell(plans.get(True))} | {_cell(plans.get(False))} |\n"


def _is_count(sql: str) -> bool:
    return "count(*)" in sql


def _cell(plan: Plan | None) -> str:
    return f"{plan.milliseconds:,.1f} | {plan.summary}" if plan else "– | kept or not needed"


def _listen(query: Query, user: User) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """Ask the list twice, so that the cache is warm; return the answer and what it ran on cards."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if CARDS.search(sql.replace('"', "")):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    for _ in range(2):
        statements.clear()
        request = APIRequestFactory().get("/prospects/list", query)
        force_authenticate(request, user)
        with no_tenant(), connection.execute_wrapper(note):
            answer = ListView.as_view()(request)
        if answer.status_code != 200:
            raise EmbeddedError(f"{query}: {answer.data}")
    return answer.data, statements


def _explain(sql: str, params: Any) -> Plan:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone()
    plan = (orjson.loads(found) if isinstance(found, str) else found)[0]
    return Plan(plan["Planning Time"] + plan["Execution Time"], summary(plan["Plan"]))
