"""Brings an embedded service back that ended by itself."""

import sys

from core.embedded.errors import EmbeddedError
from core.embedded.services import Services

INTERVAL = 3.0  # seconds between two looks


class Watch:
    """Looks after the services of a run.

    The programs reconnect by themselves, so addresses must not change.
    """

    def __init__(self, services: Services) -> None:
        self.services = services
        self.addresses = services.environment()
        self.next_look = 0.0

    def tick(self, now: float) -> None:
        """Start again what is gone; a start that fails is reported and tried again later."""
        if now < self.next_look:
            return
        self.next_look = now + INTERVAL
        if all(service.has_process() for service in self.services.wanted.values()):
            return
        print("the database or broker has ended; starting it again", file=sys.stderr, flush=True)
        try:
            with self.services.data.locked():
                self.services.up()
        except EmbeddedError as error:
            print(error, file=sys.stderr, flush=True)
        if self.services.environment() != self.addresses:
            raise EmbeddedError(
                "the database or broker came back on another port; run bin/start again"
            )
