"""The product under attack: bin/start on a data directory of its own, and who runs in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import requests

from core.embedded.datadir import open_data_dir
from core.embedded.options import ROOT, mark_of
from core.embedded.ports import free_port
from core.embedded.processes import command_line, marked
from core.embedded.services import Services
from tests.started import clean_environ, hear_hangups

READY_SECONDS = 180
PROGRAMS = {"gunicorn": "web", " worker ": "worker", " beat ": "beat"}


class Product:
    """bin/start under way; whoever kills it starts it again, as an operator would."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.data = open_data_dir(folder)
        self.services = Services(self.data)
        self.environ = {**clean_environ(), **environ, "CRM_DATA_DIR": str(self.data.path)}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lock = threading.Lock()
        self.is_over = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; returns at once."""
        line = [str(ROOT / "bin" / "start"), "--no-demo", "--port", str(self.port)]
        with (self.data.log / "start.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*line, "--data-dir", str(self.data.path)],
                env=self.environ,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=hear_hangups,
            )

    def keep_running(self) -> None:
        """Start it again if it has ended."""
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self.start()

    @contextmanager
    def looked_after(self) -> Iterator[None]:
        """Whenever it ends inside the block it is started again."""

        def look_after() -> None:
            while not self.is_over.wait(1):
                self.keep_running()

        operator = threading.Thread(target=look_after)
        self.start()
        operator.start()
        try:
            yield
        finally:
            self.is_over.set()
            operator.join()
            self.stop()

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(READY_SECONDS)

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return once /readyz answers 200.

        :raises TimeoutError: it does not in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.is_ready():
                return
            time.sleep(0.3)
        raise TimeoutError(f"{self.url}/readyz is not ready after {seconds:.0f} s")

    def is_ready(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/readyz", timeout=5).status_code == 200
        return False

    def pids(self) -> dict[str, list[int]]:
        """The processes of each program, its first one (the parent of the others) first."""
        found: dict[str, list[int]] = {"web": [], "worker": [], "beat": []}
        for pid in sorted(marked(mark_of(self.data))):
            words = command_line(pid)
            for part, name in PROGRAMS.items():
                if part in words:
                    found[name].append(pid)
        return found

    def postgres(self) -> int | None:
        """The process that serves the database; None while there is none."""
        return self.services.postgres.cluster.pid()

    def broker(self) -> int | None:
        valkey = self.services.valkey
        return int(valkey.kept["pid"]) if valkey.has_process() else None

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows straight from the database, past the product."""
        with psycopg.connect(self.services.postgres.url(), autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the product, on its database."""
        return self._python("manage.py", *words)

    def call_task(self, name: str, **ids: Any) -> None:
        """Wake a task, as beat does."""
        self._python("-m", "celery", "-A", "crm_project", "call", name, "-k", json.dumps(ids))

    def _python(self, *words: str) -> subprocess.CompletedProcess[str]:
        settings = {"DJANGO_SETTINGS_MODULE": "crm_project.settings.dev"}
        return subprocess.run(
            [sys.executable, *words],
            env={**settings, **self.environ, **self.services.environment()},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )


def forget_surroundings() -> None:
    """What is set for this process leads to other databases: the product has its own."""
    kept = clean_environ()
    for name in set(os.environ) - set(kept):
        del os.environ[name]
