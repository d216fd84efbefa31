"""A mail server: takes mails, or does what the real ones do on bad days."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

CLOSE, HANG = "close", "hang"
USUAL = {
    "connect": "220 here",
    "EHLO": "250 here",
    "HELO": "250 here",
    "MAIL": "250 fine",
    "RCPT": "250 fine",
    "DATA": "354 go on",
    "end": "250 taken",
    "QUIT": "221 bye",
    "RSET": "250 fine",
}


@dataclass
class MailServer:
    """`does[step]` is what it says at a step instead: an answer, CLOSE or HANG.

    "RCPT a@x.mx" is the step at that address alone.

    `taken` are the mails whose last line arrived, whatever was answered then.
    """

    does: dict[str, str] = field(default_factory=dict)
    taken: list[Message] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def _handler(server: MailServer) -> Any:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            try:
                if self.goes_on("connect"):
                    while self.one_command():
                        pass
            except OSError:
                return  # nobody listens any more

        def one_command(self) -> bool:
            line = self.rfile.readline().decode(errors="replace").strip()
            word = line[:4].upper()
            address = f"RCPT {line.partition('<')[2].rstrip('>')}"
            if not line or not self.goes_on(address if address in server.does else word):
                return False
            if word == "DATA" and "DATA" not in server.does:
                return self.take()
            return word != "QUIT"

        def take(self) -> bool:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if line:
                server.taken.append(message_from_bytes(b"".join(lines), policy=default))
            return self.goes_on("end")

        def goes_on(self, step: str) -> bool:
            server.reached.append(step)
            said = server.does.get(step, USUAL.get(step, "502 what?"))
            if said == HANG:
                server.is_over.wait(60)
            if said in (CLOSE, HANG):
                return False
            self.wfile.write(f"{said}\r\n".encode())
            return True

    return Handler


@contextmanager
def running() -> Iterator[MailServer]:
    """Take mails until the block ends."""
    server = MailServer()
    thread = threading.Thread(target=server.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.server.shutdown()
        server.server.server_close()
        thread.join()
