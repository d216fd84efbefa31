"""Commands of the product, run as an operator runs them."""

from __future__ import annotations

import subprocess
import sys

from core.embedded.errors import EmbeddedError
from core.embedded.options import ROOT

# A process starts with its parent's peak; this one is small, unlike the benchmark itself.
WATCH = (
    "import resource, subprocess, sys; status = subprocess.call(sys.argv[1:], stdout=sys.stderr); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(status)"
)


def run_manage(*words: str) -> int:
    """Run `manage.py WORDS` to its end. Returns its peak of resident memory in bytes.

    :raises EmbeddedError: it ends with another status than 0.
    """
    line = [sys.executable, "-c", WATCH, sys.executable, "manage.py", *words]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise EmbeddedError(f"{words[0]} failed: {done.stderr[-500:]}")
    return int(done.stdout) * 1024
