"""The static checks of bin/test: all at once, beside the tests and out of their way."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from core.embedded.processes import end_with

TOOLS = Path(sys.executable).parent
CHECKS = {
    "ruff check": [str(TOOLS / "ruff"), "check", "."],
    "ruff format": [str(TOOLS / "ruff"), "format", "--check", "."],
    "lint-imports": [str(TOOLS / "lint-imports")],
    "makemigrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "mypy": [str(TOOLS / "mypy"), "."],
}


class Check:
    """One check under way."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.process = subprocess.Popen(
            CHECKS[name],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=partial(yielding, os.getpid()),
        )

    def result(self) -> tuple[bool, str]:
        """Wait for its end; whether all is well, and what it said."""
        words, _ = self.process.communicate()
        return self.process.returncode == 0, words.strip()


def yielding(parent: int) -> None:
    """Called in a new child: the tests go first."""
    os.nice(19)
    end_with(parent)
