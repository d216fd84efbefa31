"""What bin/start is told, and the claim on its data directory.

Standard library only: read before the installation.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.embedded.datadir import DataDir, open_data_dir, open_lock, try_lock
from core.embedded.errors import EmbeddedError
from core.embedded.ports import check_port, free_port
from core.embedded.processes import end_all, marked

ROOT = Path(__file__).resolve().parents[2]
RUN = "run.json"
MARK = "CRM_SUPERVISED_FROM"
LEFTOVER_SECONDS = 15


@dataclass(frozen=True)
class Options:
    """How bin/start was called."""

    host: str
    port: int
    data_dir: Path
    demo: bool

    @property
    def authority(self) -> str:
        """Where the web server listens, as in an address."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Where to reach it from this machine."""
        anywhere = {"0.0.0.0": f"127.0.0.1:{self.port}", "::": f"[::1]:{self.port}"}
        return f"http://{anywhere.get(self.host, self.authority)}"


def parse(words: list[str]) -> Options:
    """Read the command line; exits with status 2 and a usage line when it cannot be read."""
    parser = argparse.ArgumentParser(prog="bin/start", description="Run the CRM until Ctrl-C.")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port", default=8000, type=port, help="default: %(default)s; 0 takes a free one"
    )
    parser.add_argument(
        "--data-dir", default=default_data_dir(), type=Path, help="default: %(default)s"
    )
    parser.add_argument(
        "--no-demo", action="store_false", dest="demo", help="start without the demo tenants"
    )
    return Options(**vars(parser.parse_args(words)))


def port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


def default_data_dir() -> Path:
    """CRM_DATA_DIR, else `.data` beside manage.py."""
    return Path(os.environ.get("CRM_DATA_DIR") or ROOT / ".data")


@contextmanager
def claimed(options: Options) -> Iterator[tuple[DataDir, Options]]:
    """The data directory for us alone, without a killed run's processes, and a port that is free.

    Raises EmbeddedError when another bin/start has it, or when it or the port cannot be used.
    """
    data = open_data_dir(options.data_dir)
    with open_lock(data.path / "run.lock") as handle:
        if not try_lock(handle):
            running = data.read(RUN)
            where = f" (process {running['pid']}, {running['url']})" if running else ""
            raise EmbeddedError(f"already running on {data.path}{where}")
        end_all(marked(mark_of(data)), LEFTOVER_SECONDS)
        chosen = Options(options.host, options.port or free_port(), options.data_dir, options.demo)
        check_port(chosen.host, chosen.port)
        data.write(RUN, {"pid": os.getpid(), "url": chosen.url})
        yield data, chosen


def mark_of(data: DataDir) -> str:
    """The environment entry that every process of a run carries."""
    return f"{MARK}={data.path}"
