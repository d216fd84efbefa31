"""Which process is which: a pid alone says nothing after a crash or a restart of the machine."""

import ctypes
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1


def command_line(pid: int) -> str:
    """The words that started the process, joined by spaces; empty when it is gone or a zombie."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        return ""


def birth(pid: int) -> str | None:
    """When the kernel started the process: a mark that a reused pid does not share.

    None when it is not running.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def marked(entry: str) -> list[int]:
    """The running processes whose environment holds `entry` (NAME=value)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "environ").read_bytes().split(b"\0")
            if entry.encode() in words and birth(int(folder.name)):
                found.append(int(folder.name))
    return found


def wait_gone(pid: int, born: str | None, seconds: float) -> bool:
    """True as soon as that very process has ended, False after `seconds`."""
    deadline = time.monotonic() + seconds
    while birth(pid) == born is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end_all(pids: list[int], seconds: float) -> None:
    """End processes politely, and those that are still there after `seconds` at once."""
    born = {pid: birth(pid) for pid in pids}
    for pid in pids:
        send(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    for pid in pids:
        if not wait_gone(pid, born[pid], deadline - time.monotonic()):
            send(pid, signal.SIGKILL)


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process that may have ended meanwhile."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def end_with(parent: int) -> None:
    """Called in a new child: the kernel sends it SIGTERM when `parent` dies (Linux only)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
