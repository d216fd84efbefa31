"""A server like the product's for a site of the benchmarks."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.embedded.errors import EmbeddedError
from core.embedded.options import ROOT
from core.embedded.ports import free_port

START_SECONDS = 60


@contextmanager
def serving(settings: str) -> Iterator[str]:
    """Serve a settings module with the product's own gunicorn configuration; gives the URL.

    :raises EmbeddedError: it does not answer in time.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "web.log"
        server = _start(settings, port, folder, log)
        try:
            _wait(port, server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _start(settings: str, port: int, folder: str, log: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "gunicorn", "-c", "crm_project/gunicorn.py"]
    words += ["-b", f"127.0.0.1:{port}", "crm_project.wsgi"]
    # A data directory of its own: a start clears the metrics that lie there.
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "CRM_DATA_DIR": folder}
    with log.open("wb") as out:
        return subprocess.Popen(words, env=environ, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
            connection.request("GET", "/nothing")  # answered, if only by 404
            connection.getresponse()
            connection.close()
            return
        time.sleep(0.1)
    raise EmbeddedError(f"a server of the benchmarks did not start:\n{log.read_text()[-2000:]}")
