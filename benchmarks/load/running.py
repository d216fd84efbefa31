"""The working day, begun, watched and written down.

The product is to be started with `DJANGO_SETTINGS_MODULE=benchmarks.sites.empty`, so that the empty
view stands in the same queue as all others, and with CRM_LOGIN_TRIES_PER_MINUTE=100000, as
everybody signs in from one address.
"""

from __future__ import annotations

import csv
import io
import logging
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from django.utils import timezone

from analytics.leads.models import SyncLog
from benchmarks.bench import Bench, open_bench
from benchmarks.figures import FIGURES
from benchmarks.figures.campaigns import begin_campaign
from benchmarks.figures.import_file import write_file
from benchmarks.load.team import LEADERS, SELLERS, prepare_team
from benchmarks.machine import facts
from benchmarks.people import MANAGER, PASSWORD
from benchmarks.report import write_results
from core.embedded.errors import EmbeddedError
from core.tenancy import tenant_scope
from sales.mass_mail.counting import stats_of
from sales.mass_mail.models import Campaign

ROWS, MAILS, TIMES = 100_000, 10_000, 50
EVERYBODY = SELLERS + LEADERS + 1  # seconds until the last has signed in: one a second
DAY = Path(__file__).with_name("day.py")
EMPTY, TOTAL = "empty view", "Aggregated"
RULE = (
    f"A working day: {SELLERS} people who sell and {LEADERS} who lead them (half of each in the "
    "back office, half over the API, everybody reading 10 to 40 seconds between two clicks; they "
    f"sign in one a second), one import of {ROWS:,} rows, one campaign of {MAILS:,} mails, the "
    f"syncs of analytics. Times in milliseconds; p95 at most {TIMES} × that of an empty view "
    "under the same load, and no error. The clients share the machine with everything they ask."
)
HEAD = """| what | asked | errors | p50 | p95 | p99 | p95 ÷ the empty view's | |
|---|--:|--:|--:|--:|--:|--:|---|
"""


class Line(NamedTuple):
    """What became of one kind of request."""

    name: str
    asked: int
    errors: int
    p50: float
    p95: float
    p99: float


def work_a_day(*, url: str, minutes: int, locust: str) -> None:
    """Let everybody work for so long, and write the section `load` of RESULTS.md.

    :raises EmbeddedError: nothing is seeded, or locust does not run.
    """
    tenant = prepare_team()
    with open_bench(url) as bench:
        began = timezone.now()
        with tempfile.TemporaryDirectory() as folder, _chores(bench, url, Path(folder)) as chores:
            lines, failures = _watch(url, minutes, locust, Path(folder))
        with tenant_scope(tenant.pk):
            text = _section(lines, failures, [*chores, _syncs(began)], minutes, bench)
        write_results(facts(bench.database), {"load": text}, list(FIGURES))
        print(text)


@contextmanager
def _chores(bench: Bench, url: str, folder: Path) -> Iterator[list[str]]:
    """The import and the campaign begin when everybody is there; what they took, in words."""
    file = write_file(bench, folder / "prospects.csv", ROWS).path
    said: list[str] = []
    chores = [
        threading.Thread(target=_import, args=(url, file, said)),
        threading.Thread(target=_campaign, args=(url, bench.tenant_id, said)),
    ]
    for each in chores:
        each.start()
    yield said
    for each in chores:
        each.join()


def _import(url: str, file: Path, said: list[str]) -> None:
    time.sleep(EVERYBODY)
    began = time.monotonic()
    with _manager(url) as manager, file.open("rb") as content:
        job = manager.post("/prospects/imports", files={"file": content}).json()
        path = f"/prospects/imports/{job['id']}"
        _until(manager, path, "planned")
        planned = time.monotonic() - began
        manager.post(f"{path}/apply").raise_for_status()
        counts = _until(manager, path, "applied")["counts"]
    took = time.monotonic() - began
    said.append(
        f"The import: planned in {planned:,.0f} s, written in {took - planned:,.0f} s; "
        f"{counts['create']:,} new, {counts['duplicate']:,} known, {counts['error']:,} refused."
    )


def _until(manager: httpx.Client, path: str, status: str) -> Any:
    while True:
        job = manager.get(path).json()
        if job["status"] in (status, "failed"):
            return job
        time.sleep(1)


def _campaign(url: str, tenant_id: int, said: list[str]) -> None:
    time.sleep(EVERYBODY)
    began = time.monotonic()
    with tenant_scope(tenant_id):
        campaign, _ = begin_campaign(tenant_id, MAILS)
        while Campaign.objects.get(pk=campaign.pk).status not in ("sent", "failed"):
            time.sleep(1)
        stats = stats_of([campaign.pk])[campaign.pk]
    took = time.monotonic() - began
    said.append(
        f"The campaign: {stats['sent']:,} of {stats['recipients']:,} sent in {took:,.0f} s."
    )


@contextmanager
def _manager(url: str) -> Iterator[httpx.Client]:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with httpx.Client(base_url=url, timeout=600) as client:
        body = {"email": MANAGER, "password": PASSWORD}
        token = client.post("/api/v1/auth/login", json=body).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def _syncs(began: Any) -> str:
    runs = SyncLog.objects.filter(started_at__gte=began, status=SyncLog.Status.FINISHED)
    took = [(run.finished_at - run.started_at).total_seconds() for run in runs]
    return f"Syncs of analytics: {len(took)}, the longest {max(took, default=0):,.0f} s."


def _watch(url: str, minutes: int, locust: str, folder: Path) -> tuple[list[Line], list[str]]:
    """Run locust; return what it counted, and the kinds of errors."""
    words = [locust, "-f", str(DAY), "--headless", "-H", url, "-u", str(EVERYBODY), "-r", "1"]
    words += ["-t", f"{minutes}m", "--csv", str(folder / "day"), "--only-summary"]
    environ = {"PATH": os.environ["PATH"], "LOAD_PASSWORD": PASSWORD}
    done = subprocess.run(words, env=environ, capture_output=True, text=True)
    if done.returncode not in (0, 1):  # 1: some requests failed, which is what we came to see
        raise EmbeddedError(f"locust: {done.stderr[-2000:]}")
    failed = (folder / "day_failures.csv").read_text()
    errors = [f"{row['Name']}: {row['Error']} × {row['Occurrences']}" for row in _rows(failed)]
    return [_line(row) for row in _rows((folder / "day_stats.csv").read_text())], errors


def _rows(text: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(text))


def _line(row: dict[str, str]) -> Line:
    asked, errors = int(row["Request Count"]), int(row["Failure Count"])
    return Line(row["Name"], asked, errors, *(float(row[name]) for name in ("50%", "95%", "99%")))


def _section(
    lines: list[Line], failures: list[str], chores: list[str], minutes: int, bench: Bench
) -> str:
    empty = next(line for line in lines if line.name == EMPTY)
    rows = "".join(_row(line, empty) for line in lines)
    when = f"{timezone.now():%Y-%m-%d %H:%M} UTC, `python -m benchmarks load --minutes {minutes}`"
    rest = "".join(f"\n{text}\n" for text in (*chores, *failures))
    return f"## load\n\n{RULE}\n\n{when}, {bench.cards:,} cards.\n\n{HEAD}{rows}{rest}"


def _row(line: Line, empty: Line) -> str:
    name = "all together" if line.name == TOTAL else f"`{line.name}`"
    is_well = line.errors == 0 and line.p95 <= TIMES * empty.p95
    return (
        f"| {name} | {line.asked:,} | {line.errors:,} | {line.p50:,.0f} | {line.p95:,.0f} "
        f"| {line.p99:,.0f} | {line.p95 / empty.p95:.1f} | {'pass' if is_well else '**miss**'} |\n"
    )
