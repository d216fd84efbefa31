"""A tenant's own system: answers as it is told to, and remembers what it was sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Sent:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """Check the signature as Standard Webhooks tells receivers to."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode()
        digest = hmac.new(key, signed + self.body, hashlib.sha256).digest()
        return self.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


Answering = Callable[[BaseHTTPRequestHandler, threading.Event], None]


def says(status: int, body: bytes = b"ok", **headers: str) -> Answering:
    """Answer like this."""

    def answer(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def closes(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    """Hang up without a word."""
    handler.close_connection = True


def hangs(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    """Say nothing at all."""
    is_over.wait(30)
    handler.close_connection = True


def drips(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    """Begin an answer and go on for ever, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not is_over.wait(0.05):
        handler.wfile.write(b"x")


def floods(handler: BaseHTTPRequestHandler, is_over: threading.Event) -> None:
    """Answer with more than anybody wants to hold."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not is_over.is_set():
        handler.wfile.write(b"x" * 65536)


@dataclass
class Receiver:
    """The server: `answers` are given one after the other, the last one for ever."""

    answers: list[Answering] = field(default_factory=lambda: [says(200)])
    sent: list[Sent] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def port(self) -> int:
        return self.server.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=crm"

    def _handler(self) -> Any:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.sent.append(Sent(self.path, headers, body))
                more = len(receiver.answers) > 1
                answer = receiver.answers.pop(0) if more else receiver.answers[0]
                try:
                    answer(self, receiver.is_over)
                except OSError:
                    self.close_connection = True  # nobody listens any more

            def log_message(self, *args: Any) -> None:
                """Stay quiet."""

        return Handler


@contextmanager
def running() -> Iterator[Receiver]:
    """Receive until the block ends."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.is_over.set()
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()
