"""The product as its clients meet it: HTTP, one connection that is kept open."""

from __future__ import annotations

import http.client
from email.message import Message
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import orjson

from core.embedded.errors import EmbeddedError

Params = dict[str, Any]
SECONDS = 600
LOST = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class Answer(NamedTuple):
    """What a server answered."""

    text: bytes
    headers: Message


class Door:
    """One connection to a server, with a caller's token if there is one."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url
        self.headers = {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)

    def get(self, path: str, params: Params | None = None) -> bytes:
        """Read an answer whole."""
        return self.send("GET", f"{path}?{urlencode(params)}" if params else path)

    def etag_of(self, path: str) -> str:
        """Read an answer and return its name."""
        return str(self._answered("GET", path, range(200, 201)).headers["ETag"])

    def poll(self, path: str, etag: str) -> None:
        """Ask for what there is if it is another than this.

        :raises EmbeddedError: it is, or nobody answers.
        """
        self._answered("GET", path, range(304, 305), {"If-None-Match": etag})

    def send(self, method: str, path: str, body: Any = None) -> bytes:
        """Send a request with a JSON body and return the answer's body.

        :raises EmbeddedError: it is not a success, or nobody answers.
        """
        raw = None if body is None else orjson.dumps(body)
        return self._answered(method, path, range(200, 300), raw=raw).text

    def _answered(
        self,
        method: str,
        path: str,
        expected: range,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Answer:
        try:
            answer = self._ask(method, path, raw, {**self.headers, **(headers or {})})
        except OSError as error:
            raise EmbeddedError(f"{self.url} does not answer: {error}") from error
        text = answer.read()
        if answer.status not in expected:
            raise EmbeddedError(f"{method} {path}: {answer.status} {text[:500].decode()}")
        return Answer(text, answer.headers)

    def _ask(
        self, method: str, path: str, raw: bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            self.connection.request(method, path, raw, headers)
            return self.connection.getresponse()
        except LOST:  # the server closed it between two requests: a worker was renewed
            self.connection.close()
            self.connection.request(method, path, raw, headers)
            return self.connection.getresponse()


def sign_in(url: str, email: str, password: str) -> dict[str, Any]:
    """Log in over the API. Returns the answer: token, user, tenant.

    :raises EmbeddedError: the login is refused.
    """
    body = {"email": email, "password": password}
    answer: dict[str, Any] = orjson.loads(Door(url).send("POST", "/api/v1/auth/login", body))
    return answer
