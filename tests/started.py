"""The product as an operator starts it: real processes, a directory of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.embedded.datadir import DataDir, open_data_dir
from core.embedded.options import ROOT
from core.embedded.services import Services

SECONDS = 120  # for a start on a busy machine
MINE = ("CRM_", "DATABASE_URL", "REDIS_URL", "DJANGO_", "PYTEST_")


def clean_environ(**more: str) -> dict[str, str]:
    """An operator's environment: nothing of this test run."""
    return {k: v for k, v in os.environ.items() if not k.startswith(MINE)} | more


def hear_hangups() -> None:
    """Under nohup, where CI may run, children would inherit that SIGHUP means nothing."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Run:
    """A bin/start under way, on a free port."""

    def __init__(
        self,
        data: DataDir,
        *,
        demo: bool = False,
        seconds: float = SECONDS,
        **environ: str,
    ) -> None:
        self.data = data
        line = [str(ROOT / "bin" / "start"), "--port", "0"]
        line += [] if demo else ["--no-demo"]
        self.process = subprocess.Popen(
            [*line, "--data-dir", str(data.path)],
            env={**clean_environ(), **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=hear_hangups,
        )
        self.limit = threading.Timer(seconds, self.process.kill)
        self.limit.start()
        self.read_until("Ready:")
        self.url = str(data.read("run.json")["url"])

    def read_until(self, words: str) -> str:
        """What it prints up to the line with `words`."""
        assert self.process.stdout
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if words in line:
                return "".join(lines)
        raise AssertionError(f"bin/start ended without {words!r}: {''.join(lines)}")

    def send(self, number: signal.Signals) -> int:
        """Send a signal; the exit status."""
        self.process.send_signal(number)
        status = self.process.wait(SECONDS)
        self.close()
        return status

    def close(self) -> None:
        self.limit.cancel()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(SECONDS)
        assert self.process.stdout
        self.process.stdout.close()


@contextmanager
def product_with_demo(path: Path, *, seconds: float, **environ: str) -> Iterator[str]:
    """The address of a product of its own, with the demo tenants; afterwards nothing is left."""
    data = open_data_dir(path)
    run = Run(data, demo=True, seconds=seconds, **environ)
    yield run.url
    run.close()
    for service in Services(data).wanted.values():
        service.discard()
