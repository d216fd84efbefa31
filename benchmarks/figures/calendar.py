"""The calendar: what is planned in a month, among a million notes. They are taken away again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from benchmarks.bench import Bench, Caller
from benchmarks.measure import Bare, Contest
from benchmarks.removing import unguarded
from benchmarks.statements import MINE

CALENDAR = (
    "`GET /prospects/activities` of 31 days among 1,000,000 notes: at most 3 × the same statement "
    "bare, on one connection."
)
NOTES = 1_000_000
DAYS, AGO = 31, 180
TEXT = "Cita de prueba: quedamos en hablar de precios y de la recolección de los lunes."
COUNT = "SELECT count(*) FROM prospects_followupnote WHERE tenant_id = %(tenant)s"
# Settled long ago, spread over two years; every card has as many as the next.
FILL = """
    INSERT INTO prospects_followupnote
        (tenant_id, prospect_id, action, note, scheduled_at, done_at, created_by_id, created_at)
    SELECT card.tenant_id, card.id, 'call', %(text)s, planned.at, planned.at, card.owner_id,
           planned.at - interval '3 days'
    FROM generate_series(1, %(rounds)s) AS round
    CROSS JOIN prospects_prospect card
    CROSS JOIN LATERAL (
        SELECT now() - interval '1 minute'
               * (1 + (hashint8(card.id * 100 + round)::bigint + 2147483648) %% 1051200) AS at
    ) AS planned
    WHERE card.tenant_id = %(tenant)s LIMIT %(missing)s
"""
PLANNED = """
    SELECT n.id, p.company_name, p.name, company.id, p.id, n.action, n.note, n.scheduled_at,
           author.name, category.name
    FROM prospects_followupnote n
    JOIN prospects_prospect p ON p.id = n.prospect_id
    JOIN prospects_followupcategory category ON category.id = p.category_id
    LEFT JOIN clients_company company ON company.prospect_id = p.id
    LEFT JOIN accounts_user author ON author.id = n.created_by_id
    WHERE n.tenant_id = %(tenant)s AND n.scheduled_at >= %(since)s AND n.scheduled_at < %(until)s
      AND p.deleted_at IS NULL AND {mine} ORDER BY n.scheduled_at, n.id
"""


def planned(bench: Bench) -> Iterator[Contest]:
    for caller in bench.callers:
        yield _planned(bench, caller)


def _planned(bench: Bench, caller: Caller) -> Contest:
    """A month as this caller; the notes that are missing are written before and removed after."""
    last = bench.value("SELECT coalesce(max(id), 0) FROM prospects_followupnote")
    _fill(bench)
    first = datetime.now(bench.zone).date() - timedelta(days=AGO)
    latest = first + timedelta(days=DAYS - 1)
    query = {"startDate": first.isoformat(), "endDate": latest.isoformat()}
    sql = PLANNED.format(mine="true" if caller.sees_all else MINE)
    params = bench.params(
        caller, since=_midnight(bench, first), until=_midnight(bench, latest + timedelta(days=1))
    )
    bare = [Bare("SELECT", 3, lambda number: bench.rows(sql, params))]
    return Contest(
        f"month of {len(bench.rows(sql, params)):,} notes",
        caller.label,
        lambda number: caller.door.get("/prospects/activities", query),
        bare,
        finish=lambda: _remove(bench, last),
    )


def _fill(bench: Bench) -> None:
    missing = NOTES - bench.value(COUNT)
    if missing > 0:
        rounds = -(-missing // bench.cards)
        params = {"text": TEXT, "missing": missing, "rounds": rounds, "tenant": bench.tenant_id}
        with unguarded() as database:
            database.execute(FILL, params)
        bench.database.execute("VACUUM (ANALYZE) prospects_followupnote")


def _remove(bench: Bench, last: int) -> None:
    with unguarded() as database:
        ours = "tenant_id = %s AND id > %s AND note = %s"
        database.execute(
            f"DELETE FROM prospects_followupnote WHERE {ours}", [bench.tenant_id, last, TEXT]
        )
    bench.database.execute("VACUUM (ANALYZE) prospects_followupnote")


def _midnight(bench: Bench, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=bench.zone)
