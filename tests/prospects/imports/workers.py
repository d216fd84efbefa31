"""The real Celery worker on the test's database, for tests that kill it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

from prospects.models import ImportJob
from tests.databases import address_of

PATIENCE = 240  # seconds until a test gives up waiting; the machine may be busy with others


def until(condition: Callable[[], bool]) -> None:
    """Ask again and again until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.02)


def broker() -> str:
    """A queue and a cache on the real broker that no test beside this one uses.

    Else the worker of one test takes the work of another, whose database it does not know.
    """
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{settings.REDIS_URL.rpartition('/')[0]}/{15 - process}"  # the first ones are caches


def celery(*words: str) -> subprocess.Popen[bytes]:
    """A Celery process on the test's database and files, and a queue of its own."""
    environ = {
        "DATABASE_URL": address_of(),
        "REDIS_URL": broker(),
        "CRM_MEDIA_ROOT": str(settings.MEDIA_ROOT),
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


def wake(task: str, job: ImportJob) -> None:
    """What the sweep does for a job that nobody works on."""
    ids = json.dumps({"tenant_id": job.tenant_id, "job_id": job.pk})
    assert celery("call", task, "--kwargs", ids).wait(PATIENCE) == 0


@contextmanager
def a_worker() -> Iterator[None]:
    """A worker at work inside the block; at its end it and its children get SIGKILL."""
    worker = celery("worker", "-c", "1")
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
