"""Imports under fire: a real worker killed in the middle, people who go on working meanwhile."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.counts.services import find_wrong_counts
from prospects.models import Contact, ImportJob, Prospect
from prospects.pipeline.services import edit_prospect
from tests.prospects.cards_of import card, category
from tests.prospects.imports.plans import apply, plan
from tests.prospects.imports.workers import a_worker, until, wake

ROWS = 30_000
FILE = "name,email\n" + "".join(f"Person {n},p{n}@x.mx\n" for n in range(ROWS))


def written(job: ImportJob) -> int:
    job.refresh_from_db()
    return job.rows_applied


def assert_whole(team, rows: int) -> None:
    """Every row exactly once, each with its person, and the kept counts right."""
    assert Prospect.objects.filter(email__endswith="@x.mx").count() == rows
    assert Contact.objects.filter(email__endswith="@x.mx", is_primary=True).count() == rows
    assert list(find_wrong_counts()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAWorkerKilledFiveTimes:
    def test_writes_every_row_exactly_once(self, team):
        with tenant_scope(team.tenant.pk):
            job = plan(FILE)
            for _ in range(5):
                before = written(job)
                wake("imports.apply", job)
                with a_worker():
                    until(lambda before=before: written(job) > before)
            assert 0 < written(job) < ROWS
            wake("imports.apply", job)
            with a_worker():
                until(lambda: written(job) == ROWS and job.status == ImportJob.Status.APPLIED)
            assert_whole(team, ROWS)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestPeopleWorkingMeanwhile:
    def test_move_their_cards_while_two_imports_of_one_file_run(self, team):
        with tenant_scope(team.tenant.pk):
            cards = [card(team, company_name=f"Mine {n}").pk for n in range(20)]
            targets = [category(team, name).pk for name in ("contacted", "qualified")]
            jobs = [plan(FILE), plan(FILE)]
        over = threading.Event()
        moves = []

        def move(pk: int) -> None:
            while not over.is_set():
                with tenant_scope(team.tenant.pk):
                    started = time.monotonic()
                    change = {"category_id": targets[len(moves) % 2]}
                    edit_prospect(prospect_id=pk, changes=change, at=timezone.now())
                    moves.append(time.monotonic() - started)
            connection.close()

        def bring_in(job: ImportJob) -> None:
            with tenant_scope(team.tenant.pk):
                apply(job)
            connection.close()

        with ThreadPoolExecutor(22) as pool:
            movers = [pool.submit(move, pk) for pk in cards]
            importers = [pool.submit(bring_in, job) for job in jobs]
            for future in importers:
                future.result()
            over.set()
            for future in movers:
                future.result()
        with tenant_scope(team.tenant.pk):
            assert_whole(team, ROWS)
            verdicts = [job.rows.filter(verdict="create").count() for job in jobs]
            assert sum(verdicts) == ROWS
        assert len(moves) > len(cards)
