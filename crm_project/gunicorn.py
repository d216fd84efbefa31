"""How gunicorn serves the CRM, under bin/start and in production.

The address to bind and the number of workers (WEB_CONCURRENCY) come from outside.
"""

import os
import shutil
from pathlib import Path
from typing import Any

DATA_DIR = Path(os.environ.get("CRM_DATA_DIR") or Path(__file__).resolve().parents[1] / ".data")
METRICS = DATA_DIR / "metrics" / "web"  # where the workers add up what /metrics tells
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS)

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# Threads that keep connections open between requests, and no slow client keeps a thread.
worker_class = "crm_project.serving.PatientWorker"
threads = 4  # each holds one database connection: workers x threads stay under the server's limit
keepalive = 75  # seconds: longer than proxies keep theirs (60), who would else ask as we hang up
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 15  # seconds for the requests under way when stopping
max_requests, max_requests_jitter = 20_000, 2_000  # a slow leak never grows old
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a slow disk looks like death
control_socket_disable = True  # it would be made in a home directory, which may be missing


def on_starting(server: Any) -> None:
    """Counting begins at zero with each start."""
    shutil.rmtree(METRICS, ignore_errors=True)
    METRICS.mkdir(parents=True)


def child_exit(server: Any, worker: Any) -> None:
    """Forget the present state of a worker that has ended; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
