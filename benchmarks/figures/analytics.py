"""The sync beside the bare statements that do the same; the dashboard beside bare aggregates."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from analytics.dashboard.asking import ask_for_all
from analytics.dashboard.filters import Filters
from analytics.leads.models import SyncLog
from analytics.leads.services import sync_leads
from analytics.snapshots.models import Snapshot
from analytics.snapshots.services import compute_answer, rebuild_snapshots
from benchmarks.bench import Bench, Caller
from benchmarks.commands import run_manage
from benchmarks.figures import analytics_statements as bare
from benchmarks.measure import Bare, Contest
from benchmarks.people import SLUG, find_tenant
from core.tenancy import tenant_scope

SYNC = (
    "The sync of analytics: at most 1.5 × the bare set-based statement for the same leads. Quiet: "
    "10,000 of the round, nothing changed. Changed: 10,000 scattered cards beside as many "
    "scattered leads, and the round. Everything: into an empty table, beside one INSERT … SELECT."
)
DASHBOARD = (
    "`GET /prospects/client-analytics`. A snapshot: at most 2 × an empty view behind the product's "
    "sign-in. Live with one filter or for 30 days: at most 2 × one bare aggregate scan of the same "
    "leads. Live of all time without a filter: at most 3 × one bare aggregate scan of the table."
)
CHANGED, ROUNDS, FULL_ROUNDS = 10_000, 10, 3
PATH = "/prospects/client-analytics"


def synced(bench: Bench) -> Iterator[Contest]:
    """Two minutes of overlap would make each round do the work of those before it once more."""
    settings.CRM_ANALYTICS_OVERLAP_SECONDS = 0
    sync = Sync(bench)
    sync.run()
    yield Contest(
        "quiet", "the schedule", sync.door, [Bare("statement", 1.5, sync.bare_round)], rounds=ROUNDS
    )
    sync.change()
    yield Contest(
        f"{CHANGED:,} changed",
        "the schedule",
        sync.door,
        [Bare("statement", 1.5, sync.bare_changed)],
        rounds=ROUNDS,
        after_round=sync.change,
        finish=sync.finish,
    )
    yield Contest(
        "everything",
        "an operator",
        sync.fill,
        [Bare("INSERT … SELECT", 1.5, sync.bare_fill)],
        rounds=FULL_ROUNDS,
        finish=sync.finish,
        remarks=sync.memory,
    )


class Sync:
    """The rounds of the sync. The door's changes are to cards, the bare statement's to leads."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.dice = bench, random.Random(1)
        ids = "SELECT prospect_id FROM analytics_lead WHERE tenant_id = %(tenant)s ORDER BY 1"
        self.cards = [pk for (pk,) in bench.rows(ids, self.params())] or self._first_fill(ids)
        self.stale: list[int] = []

    def _first_fill(self, ids: str) -> list[int]:
        self.run(is_full=True)
        return [pk for (pk,) in self.bench.rows(ids, self.params())]

    def params(self, **more: Any) -> dict[str, Any]:
        return {"tenant": self.bench.tenant_id, **more}

    def run(self, **options: Any) -> SyncLog:
        with tenant_scope(self.bench.tenant_id):
            run = sync_leads(**options)
        assert run is not None, "another sync is at work: stop beat"
        return run

    def door(self, number: int) -> None:
        self.run()

    def bare_round(self, number: int) -> None:
        """As many leads as the door looks at in its round, somewhere."""
        place = self.dice.randrange(len(self.cards) - CHANGED - 1)
        params = self.params(after=self.cards[place], last=self.cards[place + CHANGED])
        self.bench.database.execute(bare.upsert(bare.OF_RANGE), params)

    def change(self) -> None:
        """Change scattered cards of the lower half, and leads of the upper half."""
        middle = len(self.cards) // 2
        changed = self.dice.sample(self.cards[:middle], CHANGED)
        self.stale = sorted(self.dice.sample(self.cards[middle:], CHANGED))
        self.bench.database.execute(bare.CHANGE_CARDS, {"ids": changed})
        self.bench.database.execute(bare.CHANGE_LEADS, self.params(ids=self.stale))

    def bare_changed(self, number: int) -> None:
        self.bench.database.execute(bare.upsert(bare.OF_IDS), self.params(ids=self.stale))
        self.bare_round(number)

    def fill(self, number: int) -> None:
        self.bench.database.execute("TRUNCATE analytics_lead")
        self.run(is_full=True)

    def bare_fill(self, number: int) -> None:
        self.bench.database.execute("TRUNCATE analytics_lead")
        self.bench.database.execute(bare.INSERT, self.params())
        self.bench.database.execute("ANALYZE analytics_lead")

    def finish(self) -> None:
        """Leave leads that are right, and tables as autovacuum would some minutes later."""
        self.run(is_full=True)
        self.bench.database.execute("VACUUM (ANALYZE) analytics_lead, prospects_prospect")

    def memory(self) -> list[str]:
        """Peak memory of the command for a small and a large backlog."""
        small = run_manage("sync_analytics", "--tenant", SLUG)
        with tenant_scope(self.bench.tenant_id):
            latest = SyncLog.objects.latest_finished()
            SyncLog.objects.filter(pk=latest.pk).update(watermark="2000-01-01T00:00:00Z")
        large = run_manage("sync_analytics", "--tenant", SLUG)
        verdict = "pass" if large < 1.1 * small else "**miss**"
        return [
            f"Peak memory of `manage.py sync_analytics`: {small / 1024**2:,.0f} MB quiet, "
            f"{large / 1024**2:,.0f} MB with every card changed: {verdict}."
        ]


def answered(bench: Bench) -> Iterator[Contest]:
    """All contests of the dashboard, as somebody who sees every card."""
    tenant = find_tenant()
    assert tenant is not None
    with tenant_scope(tenant.pk):
        Snapshot.objects.all().delete()  # what an earlier run asked for is not computed again
        rebuild_snapshots(tenant, at=timezone.now())
    caller = next(each for each in bench.callers if each.sees_all)
    today = timezone.now().astimezone(tenant.zone).date()
    yield _snapshot(caller, today)
    yield from _filtered(bench, caller)
    yield _month(bench, caller, today)

    def all_time(number: int) -> None:
        with tenant_scope(tenant.pk):
            asked = ask_for_all(tenant, Filters())
            compute_answer(asked, tenant, at=timezone.now())

    scan = bare.aggregate("true")
    work = Bare("scan", 3, lambda number: bench.rows(scan, {"tenant": bench.tenant_id}))
    yield Contest("all time, computed without HTTP", "anybody", all_time, [work])


def _snapshot(caller: Caller, today: date) -> Contest:
    query = {"startDate": f"{today - timedelta(days=30)}", "endDate": f"{today}"}
    empty = Bare("empty view", 2, lambda number: caller.empty.get("/empty"))
    return Contest("snapshot", caller.label, lambda number: caller.door.get(PATH, query), [empty])


def _filtered(bench: Bench, caller: Caller) -> Iterator[Contest]:
    for title, query, condition, params in _filters(bench):
        sql, given = bare.aggregate(condition), {"tenant": bench.tenant_id, **params}
        leads = bench.rows(sql, given)[0][0]
        yield Contest(
            f"{title}: {leads:,} leads",
            caller.label,
            _getter(caller, query),
            [Bare("scan", 2, _runner(bench, sql, given))],
        )


def _getter(caller: Caller, query: dict[str, Any]) -> Callable[[int], bytes]:
    return lambda number: caller.door.get(PATH, query)


def _runner(bench: Bench, sql: str, params: dict[str, Any]) -> Callable[[int], Any]:
    return lambda number: bench.rows(sql, params)


def _filters(bench: Bench) -> Iterator[tuple[str, dict[str, Any], str, dict[str, Any]]]:
    owners = bench.rows(bare.OWNERS, {"tenant": bench.tenant_id})
    (big, _), (small, _) = owners[0], owners[len(owners) // 2]
    yield "owner of a fifth", {"salesman": big}, "owner_id = %(owner)s", {"owner": big}
    yield "one of forty owners", {"salesman": small}, "owner_id = %(owner)s", {"owner": small}
    yield "a tier", {"tier": 1}, "tier = 1", {}
    yield "a stage", {"stage": "contacted"}, bare.IN_STAGE, {"name": "contacted"}
    product = "packageContent.food"
    yield "a product", {"product": product}, bare.OF_PRODUCT, {"name": product}


def _month(bench: Bench, caller: Caller, today: date) -> Contest:
    """Days that nobody asked for before, each round others, and those before them."""

    def days(number: int) -> tuple[date, date]:
        end = today - timedelta(days=2 + number)
        return end - timedelta(days=29), end

    def door(number: int) -> bytes:
        start, end = days(number)
        return caller.door.get(PATH, {"startDate": f"{start}", "endDate": f"{end}"})

    def scan(number: int) -> None:
        start, end = days(number)
        for begin, until in ((start, end), (start - timedelta(days=30), start - timedelta(days=1))):
            params = {"from": begin, "until": until + timedelta(days=1), "zone": str(bench.zone)}
            bench.rows(bare.aggregate(bare.CREATED), {"tenant": bench.tenant_id, **params})

    return Contest("30 days and those before", caller.label, door, [Bare("scan", 2, scan)])
