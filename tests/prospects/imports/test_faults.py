"""Imports under fire: a real worker killed in the middle, people who go on working meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.counts.services import find_wrong_counts
from prospects.models import Contact, ImportJob, Prospect
from prospects.pipeline.services import edit_prospect
from tests.prospects.cards_of import card, category
from tests.prospects.imports.plans import apply, plan

ROWS = 30_000
FILE = "name,email\n" + "".join(f"Person {n},p{n}@x.mx\n" for n in range(ROWS))
PATIENCE = 40  # seconds until a test gives up waiting


def until(condition) -> None:
    """Ask again and again until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.02)


def written(job: ImportJob) -> int:
    job.refresh_from_db()
    return job.rows_applied


def assert_whole(team, rows: int) -> None:
    """Every row exactly once, each with its person, and the kept counts right."""
    assert Prospect.objects.filter(email__endswith="@x.mx").count() == rows
    assert Contact.objects.filter(email__endswith="@x.mx", is_primary=True).count() == rows
    assert list(find_wrong_counts()) == []


def celery(*words: str) -> subprocess.Popen[bytes]:
    """A Celery process on the test's database and a queue of its own on the real broker."""
    database = connection.settings_dict
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environ = {
        "DATABASE_URL": f"postgresql://{database['USER']}:{database['PASSWORD']}@{place}",
        "REDIS_URL": f"{settings.REDIS_URL.rpartition('/')[0]}/14",
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
        "CRM_SECRET_KEY": settings.SECRET_KEY,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "crm_project", *words],
        env=os.environ | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wake(job: ImportJob) -> None:
    """What the sweep does for a job that nobody works on."""
    ids = json.dumps({"tenant_id": job.tenant_id, "job_id": job.pk})
    assert celery("call", "imports.apply", "--kwargs", ids).wait(PATIENCE) == 0


@contextmanager
def a_worker() -> Iterator[None]:
    """A worker at work inside the block; at its end it and its children get SIGKILL."""
    worker = celery("worker", "-c", "1")
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAWorkerKilledFiveTimes:
    def test_writes_every_row_exactly_once(self, team):
        with tenant_scope(team.tenant.pk):
            job = plan(FILE)
            for _ in range(5):
                before = written(job)
                wake(job)
                with a_worker():
                    until(lambda before=before: written(job) > before)
            assert 0 < written(job) < ROWS
            wake(job)
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
