"""Makes `.venv` and installs into it, only when something changed. Standard library only."""

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from core.embedded.errors import EmbeddedError
from core.embedded.pip_wheel import install_pip
from core.embedded.processes import end_with
from core.embedded.tails import tail

WORKS = "import sys, pip; sys.exit(sys.version_info < (3, 11))"


def prepare(root: Path, wanted: str) -> Path:
    """The python of a `.venv` in `root` that has everything of the requirements file.

    Raises EmbeddedError.
    """
    venv = root / ".venv"
    python = venv / "bin" / "python"
    needed = fingerprints(root, wanted)
    try:
        with alone(root):
            if not (needed.items() <= installed(venv).items() and runs(python, "")):
                build(root, venv, wanted)
                (venv / "installed.json").write_text(json.dumps(installed(venv) | needed))
    except OSError as error:
        raise EmbeddedError(f"cannot make {venv}: {error.strerror}") from None
    return python


def fingerprints(root: Path, name: str) -> dict[str, str]:
    """By name: a hash of that requirements file and of those it includes."""
    content = (root / name).read_bytes()
    found = {name: hashlib.sha256(content).hexdigest()}
    for included in re.findall(r"^-r (\S+)", content.decode(), re.MULTILINE):
        found |= fingerprints(root, included)
    return found


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One installation at a time in this checkout."""
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def installed(venv: Path) -> dict[str, str]:
    """The fingerprints that the last complete installations have left."""
    with suppress(OSError, ValueError):
        return dict(json.loads((venv / "installed.json").read_text()))
    return {}


def runs(python: Path, code: str) -> bool:
    try:
        return (
            subprocess.run([python, "-c", code], check=False, capture_output=True).returncode == 0
        )
    except OSError:
        return False


def build(root: Path, venv: Path, wanted: str) -> None:
    """Install; from the beginning if an earlier attempt was interrupted.

    pip would trust what such an attempt has left.
    """
    python, interrupted = venv / "bin" / "python", venv / "interrupted"
    if interrupted.exists() or not runs(python, WORKS):
        create(venv)
    print(f"Installing {wanted} into {venv.name} (a minute or two the first time) ...", flush=True)
    interrupted.touch()
    log = venv / "install.log"
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "-r",
        wanted,
    ]
    if not run(install, log, root):
        raise EmbeddedError(f"pip could not install {wanted}, see {log}\n{tail(log, 5)}")
    interrupted.unlink()


def create(venv: Path) -> None:
    """Make an empty environment with pip, also where Debian's Python lacks ensurepip."""
    venv.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "venv", "--clear", str(venv)]
    log = venv.with_name(".venv.log")
    try:
        if not run(command, log, venv.parent):
            if not run([*command, "--without-pip"], log, venv.parent):
                raise EmbeddedError(f"this Python cannot make virtual environments: {tail(log, 1)}")
            install_pip(venv)
    finally:
        log.unlink(missing_ok=True)


def run(words: list[str], log: Path, folder: Path) -> bool:
    """Run a program that ends when we end; whether it succeeded."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            words,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(end_with, os.getpid()),
        )
    try:
        return process.wait() == 0
    finally:
        process.kill()
        process.wait()
