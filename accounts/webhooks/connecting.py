"""Connections to servers that tenants name: to checked addresses only, and over in time."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import httpcore

from accounts.webhooks.addresses import AddressRefused, resolve


class CheckedNetwork(httpcore.NetworkBackend):
    """Resolves a name once and connects to what it has checked; all of it until a deadline."""

    def __init__(self, *, seconds: float) -> None:
        self.network = httpcore.SyncBackend()
        self.deadline = time.monotonic() + seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            address = resolve(host, port)
        except AddressRefused as error:
            raise httpcore.ConnectError(str(error)) from error
        stream = self.network.connect_tcp(
            address, port, timeout=left(self.deadline, timeout), socket_options=socket_options
        )
        return TimedStream(stream, self.deadline)


class TimedStream(httpcore.NetworkStream):
    """A connection that ends at a deadline, however slowly the other side goes on speaking."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self.stream, self.deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, left(self.deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, left(self.deadline, timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = left(self.deadline, timeout)
        return TimedStream(self.stream.start_tls(ssl_context, server_hostname, wait), self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def left(deadline: float, timeout: float | None) -> float:
    """Return how many seconds an operation may take.

    :raises httpcore.ReadTimeout: the time is over.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("It took too long.")
    return seconds if timeout is None else min(seconds, timeout)
