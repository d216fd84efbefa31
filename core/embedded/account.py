"""PostgreSQL refuses to run as root: root lends it an account that already exists."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.embedded.errors import EmbeddedError

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """Who runs the database server; with no ids, whoever we are."""

    uid: int | None = None
    gid: int | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that make the program run as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hand a file or directory over to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def run(self, *words: Path | str, log: Path) -> bool:
        """Run a program to its end, with its words going to `log`; whether it succeeded.

        A file, not a pipe: the server that `pg_ctl` leaves behind would keep a pipe open.
        """
        with log.open("ab") as out:
            done = subprocess.run(
                [str(word) for word in words],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",  # the account may not be able to read where we stand
                check=False,
                **self.popen,
            )
        return done.returncode == 0

    def can_enter(self, path: Path) -> bool:
        """Whether this account can enter or execute `path`, access lists and links included."""
        tried = subprocess.run(
            ["/bin/sh", "-c", '[ -x "$0" ]', str(path)], cwd="/", check=False, **self.popen
        )
        return tried.returncode == 0


def server_account() -> Account:
    """The account for PostgreSQL: ourselves, or as root an unprivileged one.

    Raises EmbeddedError if there is none.
    """
    if os.geteuid() != 0:
        return Account()
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root and there is no account 'nobody'; start as another user"
    )
