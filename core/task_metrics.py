"""Tasks as Prometheus sees them: how long they waited, how long they took, how they ended.

Connected by crm_project/celery.py. When a task was woken travels with its message.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

from celery import signals

from core.metrics import TASK_SECONDS, TASK_WAIT

WOKEN = "woken_at"  # a header of the message: seconds since 1970
_begun: dict[str, float] = {}


@signals.celeryd_init.connect(weak=False)
def begin_at_zero(**kwargs: Any) -> None:
    """A worker starts: what an earlier one counted is forgotten, as Prometheus expects."""
    if directory := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(directory, ignore_errors=True)
        Path(directory).mkdir(parents=True)


@signals.before_task_publish.connect(weak=False)
def stamp(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Write on the message when it was sent. A message that comes back keeps its first stamp."""
    if headers is not None:
        headers.setdefault(WOKEN, time.time())


@signals.task_prerun.connect(weak=False)
def begin(task_id: str, task: Any, **kwargs: Any) -> None:
    """A worker begins with a task."""
    _begun[task_id] = time.perf_counter()
    # A worker gives what travels with the message as attributes, a task that runs at once does not.
    woken = getattr(task.request, WOKEN, None) or (task.request.headers or {}).get(WOKEN)
    if isinstance(woken, float):
        TASK_WAIT.labels(task.name).observe(max(0.0, time.time() - woken))


@signals.task_postrun.connect(weak=False)
def end(task_id: str, task: Any, state: str | None = None, **kwargs: Any) -> None:
    """A task is over: SUCCESS, FAILURE, RETRY."""
    began = _begun.pop(task_id, None)
    if began is not None:
        TASK_SECONDS.labels(task.name, state or "none").observe(time.perf_counter() - began)
