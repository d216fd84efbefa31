"""The end of a log, to show what went wrong."""

from pathlib import Path

READ = 16_384


def tail(path: Path, lines: int = 12) -> str:
    """The last lines of a file; empty when it cannot be read."""
    try:
        with path.open("rb") as handle:
            handle.seek(max(handle.seek(0, 2) - READ, 0))
            text = handle.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
