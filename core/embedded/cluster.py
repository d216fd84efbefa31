"""Making a PostgreSQL cluster, and where it lies."""

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.embedded.account import Account
from core.embedded.binaries import find_binaries
from core.embedded.errors import EmbeddedError
from core.embedded.processes import command_line
from core.embedded.tails import tail

NO_PROCESS = 999_999_999  # above every pid that the kernel hands out
OUTSIDE = Path("/var/lib")
LOCALE = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
)


@dataclass(frozen=True)
class Cluster:
    """The directory of one cluster with what belongs to it, and the account that runs it."""

    home: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def server_log(self) -> Path:
        return self.data / "server.log"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def program(self, name: str) -> Path:
        return find_binaries(account=self.account, home=self.home) / name

    def make(self, *, password: str, log: Path) -> None:
        """Initialise the cluster.

        It appears in one step: an interrupted start leaves nothing that looks like one.
        """
        draft, secret = self.home / "data.part", self.home / "password"
        self.home.mkdir(exist_ok=True)
        self.home.chmod(0o755)  # whatever the umask: the account must pass
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        secret.touch(mode=0o600)
        secret.write_text(password)
        self.account.own(draft)
        self.account.own(secret)
        words = ("-D", draft, "-U", "crm", "-A", "scram-sha-256", "--pwfile", secret, *LOCALE)
        made = self.account.run(self.program("initdb"), *words, log=log)
        secret.unlink()
        if not made:
            raise EmbeddedError(f"cannot make the database, see {log}\n{tail(log)}")
        draft.rename(self.data)

    def start(self, settings: Mapping[str, str], *, patience: int, log: Path) -> bool:
        """Start the server; whether it answers within `patience` seconds."""
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        words = ["-w", "-t", str(patience), "-l", str(self.server_log), "-o", options, "start"]
        return self.account.run(self.program("pg_ctl"), "-D", self.data, *words, log=log)

    def stop(self, *, log: Path) -> None:
        """Stop the server; open transactions are rolled back."""
        words = ["-w", "-m", "fast", "stop"]
        self.account.run(self.program("pg_ctl"), "-D", self.data, *words, log=log)

    def pid(self) -> int | None:
        """The process that serves this cluster, if it is alive."""
        with suppress(OSError, ValueError, IndexError):
            pid = int(self.note.read_text().split()[0])
            if str(self.data) in command_line(pid):
                return pid
        return None

    @property
    def note(self) -> Path:
        return self.data / "postmaster.pid"

    def forget_reused_pid(self) -> None:
        """After a crash the noted pid may be another program's: PostgreSQL would refuse to start.

        The note gets a pid that cannot exist instead of being removed: its other lines let
        PostgreSQL find out whether processes of the killed server still use the data.
        """
        if self.note.exists() and not self.pid():
            rest = self.note.read_text().partition("\n")[2]
            self.note.write_text(f"{NO_PROCESS}\n{rest}")


def place(data_dir: Path, account: Account) -> Path:
    """Where a new cluster goes.

    Into the data directory, or beside the system's when the account cannot get there.
    """
    mark = hashlib.sha256(str(data_dir).encode()).hexdigest()[:10]
    home = (
        data_dir / "postgres" if account.can_enter(data_dir) else OUTSIDE / f"crm-embedded-{mark}"
    )
    if (home / "data").exists():
        set_aside(home)
    return home


def set_aside(home: Path) -> None:
    """Rename a cluster whose password nobody keeps any more: neither reused nor removed."""
    number = 1
    while home.exists():
        aside = home.with_name(f"{home.name}.old{number}")
        if not aside.exists():
            home.rename(aside)
        number += 1
