"""Gunicorn's threads, given only requests that have come: slow clients wait without one.

A thread is what a worker has least of, and each holds a database connection. gunicorn gives one to
whoever has sent a byte, for as long as the rest takes; some clients that send a byte a second
would keep everybody out.
"""

from __future__ import annotations

import errno
import re
import selectors
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

REQUEST_SECONDS = 20  # for the head of a request, and for a body that is held until it is whole
MOST_HELD = 64 * 1024  # bytes of a request that waits; longer bodies are read by a thread
STALL_SECONDS = 15  # in which a thread must get something, or get rid of something
GRACE_SECONDS = 10  # that a thread may spend on waiting for a body, and
LEAST_RATE = 16 * 1024  # a second more for each of so many bytes that have come
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:", re.IGNORECASE)
GONE = (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK)
LATE = (
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: application/json\r\n"
    b'Content-Length: 42\r\n\r\n{"message":"The request came too slowly."}'
)


def has_come(held: bytes | bytearray) -> bool:
    """Whether a thread may go on with it: all is there, or more than is held."""
    end = held.find(b"\r\n\r\n")
    if end < 0:
        return len(held) >= MOST_HELD
    head = bytes(held[: end + 2])
    length = LENGTH.search(head)
    whole = end + 4 + (int(length[1]) if length else 0)
    return len(held) >= whole or whole > MOST_HELD or EXPECTS.search(head) is not None


class TimedUnreader(SocketUnreader):
    """Reads what else comes of a body, unless it comes too slowly to keep a thread for it."""

    waited = 0.0
    came = 0

    def chunk(self, size_hint: int | None = None) -> bytes:
        """:raises TimeoutError: a view reads it as a body that broke off."""
        self.sock.settimeout(STALL_SECONDS)
        began = time.monotonic()
        data: bytes = super().chunk(size_hint)
        self.waited += time.monotonic() - began
        self.came += len(data)
        if self.waited > GRACE_SECONDS + self.came / LEAST_RATE:
            raise TimeoutError("The body comes too slowly.")
        return data


class PatientWorker(ThreadWorker):
    """gunicorn's threaded worker, whose one loop gathers requests before a thread sees them."""

    def accept(self, listener: Any) -> None:
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno in GONE:
                return
            raise
        self.nr_conns += 1
        self._await(TConn(self.cfg, sock, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def _await(self, conn: Any) -> None:
        conn.held = bytearray()
        conn.timeout = time.monotonic() + REQUEST_SECONDS
        self.pending_conns.append(conn)  # in the order of their timeouts
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._gather, conn))
        self._gather(conn, conn.sock)  # most have come whole

    def _gather(self, conn: Any, client: Any) -> None:
        try:
            piece = client.recv(MOST_HELD)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            piece = b""
        conn.held += piece
        if not piece:
            self._drop(conn)
        elif has_come(conn.held):
            self._release(conn)
            self._hand_over(conn)

    def _hand_over(self, conn: Any) -> None:
        if not conn.initialized:
            conn.init()
            conn.parser.unreader = TimedUnreader(conn.sock)
        conn.parser.unreader.waited = conn.parser.unreader.came = 0
        conn.parser.unreader.unread(bytes(conn.held))
        conn.held = bytearray()
        self.enqueue_req(conn)

    def _release(self, conn: Any) -> None:
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def _drop(self, conn: Any) -> None:
        self._release(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Close what did not come in time; when stopping also what has not said anything."""
        now = time.monotonic()
        for conn in list(self.pending_conns):
            if conn.timeout <= now:
                self._say_late(conn)
                self._drop(conn)
            elif not self.alive and not conn.held:
                self._drop(conn)

    def _say_late(self, conn: Any) -> None:
        if conn.held:
            with suppress(OSError):
                conn.sock.send(LATE)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Who does not read the answer keeps no thread, either."""
        conn.sock.settimeout(STALL_SECONDS)
        return super().handle_request(req, conn)
