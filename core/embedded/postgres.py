"""The embedded PostgreSQL: one cluster per data directory, on loopback, with a password."""

import secrets
import shutil
import time
from pathlib import Path
from typing import Any

import psycopg

from core.embedded.account import server_account
from core.embedded.cluster import Cluster, place
from core.embedded.databases import DATABASE, prepare
from core.embedded.datadir import DataDir
from core.embedded.errors import EmbeddedError
from core.embedded.ports import free_port
from core.embedded.tails import tail
from core.embedded.tuning import memory, server_settings

ATTEMPTS = 6
START_SECONDS = 60
STATE = "postgres.json"


class Postgres:
    """Starts, finds and stops the server of a data directory.

    Whoever calls `up`, `down` or `discard` holds the data directory's lock.
    """

    def __init__(self, data: DataDir, *, durable: bool = True) -> None:
        self.directory = data
        self.durable = durable
        self.log = data.log / "postgres.log"

    @property
    def kept(self) -> dict[str, Any]:
        """Port, password, and the place when it is outside; empty before the first start."""
        return self.directory.read(STATE)

    @property
    def cluster(self) -> Cluster:
        home = Path(self.kept.get("outside") or self.directory.path / "postgres")
        return Cluster(home, server_account())

    def url(self, database: str = DATABASE) -> str:
        """The address to connect to; valid once the server was started."""
        kept = self.kept
        return f"postgresql://crm:{kept['password']}@127.0.0.1:{kept['port']}/{database}"

    def is_running(self) -> bool:
        """Whether a login reaches this very cluster."""
        if not self.kept:
            return False
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=3) as connection:
                row = connection.execute("show data_directory").fetchone()
        except psycopg.Error:
            return False
        return row is not None and Path(row[0]) == self.cluster.data

    def has_process(self) -> bool:
        """Whether the server's process is there, answering or not."""
        return bool(self.kept) and self.cluster.pid() is not None

    def up(self) -> bool:
        """Start the server, with a new cluster if there is none; True if it was not running.

        Raises EmbeddedError.
        """
        if self.is_running():
            return False
        if not self.kept or not self.cluster.exists:
            self.make()
        self.cluster.forget_reused_pid()
        self.start()
        prepare(self.url)
        return True

    def down(self) -> None:
        """Stop the server, ending its connections; nothing happens when it does not run."""
        if self.has_process():
            self.cluster.stop(log=self.log)

    def discard(self) -> None:
        """Stop the server and remove its data."""
        self.down()
        if self.kept:
            shutil.rmtree(self.cluster.home, ignore_errors=True)

    def make(self) -> None:
        account = server_account()
        home = place(self.directory.path, account)
        password = secrets.token_urlsafe(24)
        outside = None if home.is_relative_to(self.directory.path) else str(home)
        self.directory.write(STATE, {"port": free_port(), "password": password, "outside": outside})
        Cluster(home, account).make(password=password, log=self.log)

    def start(self) -> None:
        """Start, patient with a killed server's leftovers; on another port if ours is taken."""
        for _ in range(ATTEMPTS):
            if self.has_process() and self.answers_in_time():
                return
            if self.try_start():
                return
            if "could not bind" in tail(self.cluster.server_log):
                self.directory.write(STATE, self.kept | {"port": free_port()})
            time.sleep(0.5)  # backends of a killed server notice its end within moments
        log = self.cluster.server_log
        raise EmbeddedError(f"PostgreSQL does not start, see {log}\n{tail(log)}")

    def answers_in_time(self) -> bool:
        """Whether a server that is starting or recovering gets there within START_SECONDS."""
        deadline = time.monotonic() + START_SECONDS
        while self.has_process() and time.monotonic() < deadline:
            if self.is_running():
                return True
            time.sleep(0.1)
        return False

    def try_start(self) -> bool:
        settings = server_settings(durable=self.durable, available=memory())
        settings |= {"listen_addresses": "127.0.0.1", "port": str(self.kept["port"])}
        return self.cluster.start(settings, patience=START_SECONDS, log=self.log)
