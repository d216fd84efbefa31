"""How gunicorn serves the CRM, under bin/start and in production.

`-b` and WEB_CONCURRENCY come from outside.
"""

import os
from pathlib import Path

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"  # keeps connections open between requests, which `sync` does not
threads = (
    4  # each holds one database connection: workers x threads must stay under the server's limit
)
keepalive = 30  # seconds; longer than the pauses of a browser on a page
timeout = 60  # seconds without a sign of life before a worker is replaced
graceful_timeout = 15  # seconds for the requests under way when stopping
max_requests, max_requests_jitter = 20_000, 2_000  # a slow leak never grows old
worker_tmp_dir = (
    "/dev/shm" if Path("/dev/shm").is_dir() else None
)  # heartbeats must not wait for a disk
control_socket_disable = True  # it would be made in a home directory, which may be missing
