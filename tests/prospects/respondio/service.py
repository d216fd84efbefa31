"""A respond.io of our own: answers as it is told to, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What it answers: `breaks` closes the connection before, `is_silent` never answers."""

    status: int = 200
    body: bytes = b'{"contactId": 1}'
    headers: dict[str, str] = field(default_factory=dict)
    breaks: bool = False
    is_silent: bool = False


@dataclass
class Asked:
    """One request that came in."""

    path: str
    token: str
    body: dict[str, Any]


class Respondio:
    """The server: `replies` are given one after the other, the last one for ever."""

    def __init__(self) -> None:
        self.replies: list[Reply] = [Reply()]
        self.asked: list[Asked] = []
        self.is_over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v2"

    def _handler(self) -> Any:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                token = self.headers["Authorization"]
                service.asked.append(Asked(self.path, token, json.loads(sent)))
                more = len(service.replies) > 1
                reply = service.replies.pop(0) if more else service.replies[0]
                if reply.is_silent:
                    service.is_over.wait(30)
                if reply.is_silent or reply.breaks:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in {**reply.headers, "Content-Length": len(reply.body)}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *args: Any) -> None:
                """Stay quiet."""

        return Handler


@contextmanager
def running() -> Iterator[Respondio]:
    """Serve until the block ends."""
    service = Respondio()
    thread = threading.Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        service.is_over.set()
        service.server.shutdown()
        service.server.server_close()
        thread.join()
