"""Whom the product writes to, on good and on bad days: a mail server, and a tenant's system.

Both keep books of their own: what they took, and what they said.
"""

from __future__ import annotations

import json
import random
import socketserver
import threading
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Letter:
    """A mail whose last line arrived, and what was answered: "250", "451", or "" for nothing."""

    to: str
    subject: str
    message_id: str
    answer: str

    @property
    def is_taken(self) -> bool:
        """Whether it reached its reader: what was refused did not."""
        return self.answer in ("250", "")


class Mailbox:
    """A mail server that is sometimes busy, or hangs up when it has taken a mail."""

    def __init__(self, seed: str) -> None:
        self.letters: list[Letter] = []
        self.moods = random.Random(seed)
        self.lock = threading.Lock()
        self.is_moody = True
        self.server = _Mail(("127.0.0.1", 0), _talker(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def mood(self) -> float:
        """From 0 (bad) to 1 (good)."""
        with self.lock:
            return self.moods.random() if self.is_moody else 1.0

    def keep(self, message: Message, to: str, answer: str) -> None:
        subject, message_id = str(message["Subject"]), str(message["Message-ID"])
        with self.lock:
            self.letters.append(Letter(to, subject, message_id, answer))


class _Mail(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50


def _talker(box: Mailbox) -> type[socketserver.StreamRequestHandler]:
    class Talker(socketserver.StreamRequestHandler):
        to = ""

        def handle(self) -> None:
            try:
                if box.mood() < 0.03:
                    return self.say("421 busy")
                self.say("220 here")
                while self.one_command():
                    pass
            except OSError:
                return None  # the other side was killed

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

        def one_command(self) -> bool:
            line = self.rfile.readline().decode(errors="replace").strip()
            word = line[:4].upper()
            if not line or word == "QUIT":
                return False
            if word == "RCPT":
                self.to = line.partition("<")[2].partition(">")[0]
                self.say("450 try later" if box.mood() < 0.03 else "250 fine")
                return True
            if word == "DATA":
                return self.take()
            self.say("250 fine")
            return True

        def take(self) -> bool:
            self.say("354 go on")
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if not line:
                return False  # whoever sent it died in the middle
            mood = box.mood()
            answer = "451" if mood < 0.03 else "" if mood < 0.05 else "250"
            box.keep(message_from_bytes(b"".join(lines), policy=default), self.to, answer)
            if answer:
                self.say(f"{answer} so it is")
            return bool(answer)

    return Talker


@dataclass(frozen=True)
class Call:
    """One request to a webhook's address, and whether it was told that it has arrived."""

    tenant: str
    id: str
    event: str
    object_id: int
    body: bytes
    is_taken: bool


class Hook:
    """The systems of the tenants; now and then one is ill, slow, or hangs up."""

    def __init__(self, seed: str) -> None:
        self.calls: list[Call] = []
        self.moods = random.Random(seed)
        self.lock = threading.Lock()
        self.is_moody = True
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _listener(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, tenant: str) -> str:
        """Where a tenant is told."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/{tenant}"

    def hear(self, path: str, headers: Any, body: bytes) -> str:
        """Keep a call; returns "take", "refuse", or "hang up": taken, and nobody is told."""
        said = json.loads(body)
        with self.lock:
            mood = self.moods.random() if self.is_moody else 1.0
            does = "refuse" if mood < 0.02 else "hang up" if mood < 0.03 else "take"
            self.calls.append(
                Call(
                    path.strip("/"),
                    headers["webhook-id"],
                    said["type"],
                    said["data"]["id"],
                    json.dumps(said, sort_keys=True).encode(),
                    does == "take",
                )
            )
        return does

    def times_heard(self, tenant: str) -> Counter[str]:
        return Counter(call.id for call in self.calls if call.tenant == tenant)


def _listener(hook: Hook) -> type[BaseHTTPRequestHandler]:
    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            does = hook.hear(self.path, self.headers, body)
            if does == "hang up":
                self.close_connection = True
                return
            self.send_response(200 if does == "take" else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the books are kept."""

    return Listener
