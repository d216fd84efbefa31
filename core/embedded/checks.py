"""The static checks of bin/test: all at once, reported in a fixed order."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

TOOLS = Path(sys.executable).parent
CHECKS = {
    "ruff check": [str(TOOLS / "ruff"), "check", "."],
    "ruff format": [str(TOOLS / "ruff"), "format", "--check", "."],
    "lint-imports": [str(TOOLS / "lint-imports")],
    "makemigrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "mypy": [str(TOOLS / "mypy"), "."],
}


def run_checks(environ: Mapping[str, str], folder: Path) -> list[str]:
    """Run them beside each other, print the words of those that fail; their names."""
    running = {name: begin(words, environ, folder) for name, words in CHECKS.items()}
    failed = []
    for name, process in running.items():
        words, _ = process.communicate()
        print(f"{name}: {'failed' if process.returncode else 'ok'}", flush=True)
        if process.returncode:
            print(words, flush=True)
            failed.append(name)
    return failed


def begin(words: list[str], environ: Mapping[str, str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
