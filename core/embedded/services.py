"""Both embedded services together: who needs them, who uses them, and when they stop."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from core.embedded.datadir import DataDir, open_data_dir, open_lock, try_lock
from core.embedded.errors import EmbeddedError
from core.embedded.postgres import Postgres
from core.embedded.valkey import Valkey

STATE = "services.json"


class Service(Protocol):
    """What Postgres and Valkey have in common."""

    def url(self) -> str: ...
    def is_running(self) -> bool: ...
    def has_process(self) -> bool: ...
    def up(self) -> bool: ...
    def down(self) -> None: ...
    def discard(self) -> None: ...


class Services:
    """The services of a data directory.

    A service whose address is in the environment already is not ours to run.
    """

    def __init__(self, data: DataDir, *, durable: bool = True) -> None:
        self.data = data
        self.durable = durable
        self.postgres = Postgres(data, durable=durable)
        self.valkey = Valkey(data, durable=durable)
        known: dict[str, Service] = {"DATABASE_URL": self.postgres, "REDIS_URL": self.valkey}
        self.wanted = {name: service for name, service in known.items() if not os.environ.get(name)}

    def up(self) -> None:
        """Start what is not running. Raises EmbeddedError."""
        for service in self.wanted.values():
            self.revive(service)

    def revive(self, service: Service) -> None:
        """Start a service; data that need not last are thrown away when they prevent it."""
        try:
            service.up()
        except EmbeddedError:
            if self.durable:
                raise
            service.discard()
            service.up()

    def down(self) -> None:
        """Stop what is running."""
        for service in self.wanted.values():
            service.down()

    def status(self) -> dict[str, bool]:
        """By name of the address: whether that service runs."""
        return {name: service.is_running() for name, service in self.wanted.items()}

    def environment(self) -> dict[str, str]:
        """The settings that lead to these services, and the key of this installation."""
        found = {name: service.url() for name, service in self.wanted.items()}
        if not os.environ.get("CRM_SECRET_KEY"):
            found["CRM_SECRET_KEY"] = self.data.secret_key()
        return found

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Have the services running inside the block.

        The last user who leaves stops them, unless they are kept.
        """
        with open_lock(self.data.path / "in-use") as mark:
            try:
                with self.data.locked():
                    try_lock(mark, shared=True)
                    self.up()
                yield
            finally:
                with self.data.locked():
                    if try_lock(mark) and not self.are_kept():
                        self.down()

    def are_kept(self) -> bool:
        """Whether they were started by hand, to run until stopped by hand."""
        return bool(self.data.read(STATE).get("kept"))

    def keep(self) -> None:
        """Start them, to run until `release`."""
        with self.data.locked():
            self.up()
            self.data.write(STATE, {"kept": True})

    def release(self) -> None:
        """Stop them. Raises EmbeddedError while somebody uses them."""
        with self.data.locked(), open_lock(self.data.path / "in-use") as mark:
            if not try_lock(mark):
                raise EmbeddedError(
                    f"the services of {self.data.path} are in use; stop bin/start first"
                )
            self.data.write(STATE, {"kept": False})
            self.down()


def environment(data_dir: str) -> dict[str, str]:
    """The settings of a data directory whose services run; those in os.environ win.

    Raises EmbeddedError if not.
    """
    services = Services(open_data_dir(data_dir))
    if not all(services.status().values()):
        raise EmbeddedError(f"the services of {data_dir} do not run; bin/start starts them")
    found = services.environment()
    names = ("DATABASE_URL", "REDIS_URL", "CRM_SECRET_KEY")
    return found | {name: os.environ[name] for name in names if os.environ.get(name)}


@contextmanager
def lent(data_dir: str) -> Iterator[None]:
    """Have the services running, and in os.environ, inside the block."""
    services = Services(open_data_dir(data_dir))
    with services.in_use():
        os.environ.update(services.environment())
        yield
