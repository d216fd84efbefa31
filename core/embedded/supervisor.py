"""Keeps the programs of one installation running."""

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.embedded.children import Child

FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0  # seconds before a restart, doubled each time
STEADY = 60.0  # seconds after which a program counts as running well again
STOP_SECONDS = 20  # for the requests and tasks under way


class Supervisor:
    """Starts children, restarts those that end, stops all.

    Times are monotonic seconds, passed in.
    """

    def __init__(self, children: Sequence[Child], environ: Mapping[str, str], folder: Path) -> None:
        self.children = children
        self.environ = environ
        self.folder = folder
        self.delay = {child.name: FIRST_DELAY for child in children}
        self.started: dict[str, float] = {}
        self.due: dict[str, float] = {}

    def start(self, now: float) -> None:
        for child in self.children:
            self.launch(child, now)

    def launch(self, child: Child, now: float) -> None:
        self.started[child.name] = now
        child.start(self.environ, self.folder)

    def require_running(self) -> None:
        """Raises EmbeddedError with the end of its log if a child has ended."""
        for child in self.children:
            if child.status is not None:
                raise child.failure()

    def tick(self, now: float) -> None:
        """Restart what has ended, each time after a longer pause."""
        for child in self.children:
            if child.status is None:
                continue
            if child.name not in self.due:
                self.plan_restart(child, now)
            elif now >= self.due[child.name]:
                del self.due[child.name]
                self.launch(child, now)

    def plan_restart(self, child: Child, now: float) -> None:
        if now - self.started[child.name] > STEADY:
            self.delay[child.name] = FIRST_DELAY
        pause = self.delay[child.name]
        self.due[child.name] = now + pause
        self.delay[child.name] = min(pause * 2, LONGEST_DELAY)
        ended = f"{child.name} ended with status {child.status}"
        advice = f"starting it again in {pause:.0f} s, see {child.log}"
        print(f"{ended}; {advice}", file=sys.stderr, flush=True)

    def stop(self) -> None:
        """Ask all to stop at once, wait for what they are doing, then kill."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.end(deadline)
