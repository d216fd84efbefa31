"""Fill the tenant that is measured, by COPY."""

from __future__ import annotations

import time
from collections import defaultdict

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.cards import SMALL_REP_CARDS, CardMaker
from benchmarks.companions import CompanionMaker
from benchmarks.copying import copy_rows
from benchmarks.database import connect
from benchmarks.people import SLUG, Team, create_team, find_tenant
from benchmarks.removing import remove_tenant
from core.embedded.errors import EmbeddedError
from core.tenancy import tenant_scope
from prospects.counts.services import fold_counts
from prospects.pipeline.bulk import Values

CHUNK = 20_000  # cards held in memory
FEWEST = 1000
TABLES = (
    *("prospects_prospect", "prospects_contact", "prospects_followupnote"),
    *("prospects_teamassignment", "prospects_prospectservice", "clients_company"),
    *("prospects_cardcount", "accounts_user"),
)


def seed_tenant(*, prospects: int, seed: int, drops: bool) -> None:
    """Create the tenant with so many cards, all or nothing, and print how long each step took.

    :raises EmbeddedError: the tenant exists and is not to be dropped, or the cards are too few.
    """
    if prospects < FEWEST:
        raise EmbeddedError(f"at least {FEWEST} prospects: one salesperson owns {SMALL_REP_CARDS}")
    tenant = find_tenant()
    if tenant and not drops:
        raise EmbeddedError(f"the tenant {SLUG} exists; --drop removes it first")
    if tenant:
        _timed("removed the old tenant", lambda: remove_tenant(tenant.pk))
    with transaction.atomic():
        team = create_team()
        with tenant_scope(team.tenant.pk):
            _timed(f"{prospects:,} cards", lambda: _copy_cards(team, prospects, seed))
            fold_counts()
    _timed("vacuum and analyze", vacuum)


def vacuum() -> None:
    """Leave the tables as autovacuum would some minutes later."""
    with connect() as database:
        database.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


def _copy_cards(team: Team, total: int, seed: int) -> None:
    cards = CardMaker(team=team, total=total, seed=seed, at=timezone.now())
    companions = CompanionMaker(team=team, seed=seed)
    first_id = _reserve_ids(total)
    for start in range(0, total, CHUNK):
        rows: dict[str, list[Values]] = defaultdict(list)
        for number in range(start, min(start + CHUNK, total)):
            card = {"id": first_id + number, "tenant_id": team.tenant.pk, **cards.make(number)}
            rows["prospects_prospect"].append(card)
            for table, row in companions.make(card):
                rows[table].append(row)
        with connection.cursor() as cursor:
            for table, made in rows.items():
                copy_rows(cursor, table, made)
        print(f"\r{min(start + CHUNK, total):>12,} cards", end="", flush=True)
    print("\r\033[K", end="")


def _reserve_ids(count: int) -> int:
    """Take a row of ids that nobody else gets. Returns the first."""
    sequence = "pg_get_serial_sequence('prospects_prospect', 'id')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval({sequence})")
        first = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT setval({sequence}, %s)", [first + count - 1])
    return first


def _timed(what: str, work: object) -> None:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    print(f"{what}: {time.perf_counter() - began:,.1f} s", flush=True)
