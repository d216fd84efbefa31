"""A program that bin/start runs beside itself."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from core.embedded.errors import EmbeddedError
from core.embedded.processes import end_with
from core.embedded.tails import tail

LOG_LIMIT = 10_000_000  # bytes; a longer log is renamed when its program starts


class Child:
    """One program: its words, its log, and its process while it runs.

    It leads a process group of its own: Ctrl-C in the terminal reaches bin/start alone, which stops
    it in order.
    """

    def __init__(self, name: str, words: Sequence[str], log: Path) -> None:
        self.name = name
        self.words = words
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, environ: Mapping[str, str], folder: Path) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.words,
                env=dict(environ),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(end_with, os.getpid()),
            )

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return None if self.process is None else self.process.poll()

    def ask_to_stop(self) -> None:
        if self.process and self.status is None:
            self.process.send_signal(signal.SIGTERM)

    def end(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic) for its end, then kill what is left of its group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(deadline - time.monotonic(), 0))
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def run_to_end(self, environ: Mapping[str, str], folder: Path) -> None:
        """Run it and wait. Raises EmbeddedError with the end of its log when it fails."""
        self.start(environ, folder)
        try:
            while self.status is None:
                time.sleep(0.05)
        finally:
            self.ask_to_stop()
            self.end(time.monotonic() + 10)
        if self.status:
            raise self.failure()

    def failure(self) -> EmbeddedError:
        return EmbeddedError(
            f"{self.name} failed with status {self.status}, see {self.log}\n{tail(self.log)}"
        )
