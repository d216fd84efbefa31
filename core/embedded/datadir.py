"""The data directory: everything one installation keeps, readable by its owner only."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from core.embedded.errors import EmbeddedError


@dataclass(frozen=True)
class DataDir:
    """Names inside a data directory.

    Locks are kernel locks: a killed process leaves none behind.
    """

    path: Path

    @property
    def log(self) -> Path:
        return self.path / "log"

    def read(self, name: str) -> dict[str, Any]:
        """The JSON object kept under `name`; empty when there is none."""
        try:
            kept = json.loads((self.path / name).read_text())
        except FileNotFoundError:
            return {}
        except ValueError:
            raise EmbeddedError(
                f"{self.path / name} is not JSON; restore it or remove it"
            ) from None
        return kept if isinstance(kept, dict) else {}

    def write(self, name: str, value: dict[str, Any]) -> None:
        """Replace the object kept under `name`; a kill leaves the old or the new one."""
        write_private(self.path / name, json.dumps(value, indent=1))

    @contextmanager
    def locked(self, patience: float = 60) -> Iterator[None]:
        """One process at a time starts or stops the services; waits up to `patience` seconds."""
        with open_lock(self.path / "lock") as handle:
            deadline = time.monotonic() + patience
            while not try_lock(handle):
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"another process is busy starting or stopping the services of {self.path}"
                    )
                time.sleep(0.05)
            yield

    def secret_key(self) -> str:
        """The signing key of this installation, made once: tokens survive a restart."""
        path = self.path / "secret_key"
        with suppress(FileNotFoundError):
            if key := path.read_text().strip():
                return key
        write_private(path, secrets.token_urlsafe(48))
        return path.read_text().strip()


def open_data_dir(path: Path | str) -> DataDir:
    """The data directory at `path`, made if missing.

    Raises EmbeddedError when it cannot be written.
    """
    folder = Path(path).expanduser().resolve()
    refuse_strangers(folder)
    try:
        create(folder)
        (folder / "log").mkdir(mode=0o700, exist_ok=True)
        with open_lock(folder / "lock"):
            pass
    except OSError as error:
        raise EmbeddedError(f"cannot write the data directory {folder}: {error.strerror}") from None
    return DataDir(folder)


def create(folder: Path) -> None:
    """Make the directory closed to others.

    Root leaves it passable, because PostgreSQL runs as another account.
    """
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def refuse_strangers(folder: Path) -> None:
    """Root in a user's data directory would leave files there that its owner cannot read."""
    with suppress(OSError):
        owner = (folder / "lock").stat().st_uid
        if owner != os.geteuid():
            raise EmbeddedError(f"{folder} belongs to the user with id {owner}; start as that user")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
    draft.replace(path)


def open_lock(path: Path) -> IO[str]:
    """A file to lock; not inherited by the programs that this process starts."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")


def try_lock(handle: IO[str], *, shared: bool = False) -> bool:
    """Take the lock if it is free now; with `shared`, beside others who share it."""
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
