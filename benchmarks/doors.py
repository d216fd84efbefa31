"""The product as its clients meet it: HTTP, one connection that is kept open."""

from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from core.embedded.errors import EmbeddedError

Params = dict[str, Any]
SECONDS = 600
LOST = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


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

    def send(self, method: str, path: str, body: Any = None) -> bytes:
        """Send a request with a JSON body and return the answer's body.

        :raises EmbeddedError: it is not a success, or nobody answers.
        """
        raw = None if body is None else orjson.dumps(body)
        try:
            answer = self._ask(method, path, raw)
        except OSError as error:
            raise EmbeddedError(f"{self.url} does not answer: {error}") from error
        text = answer.read()
        if not 200 <= answer.status < 300:
            raise EmbeddedError(f"{method} {path}: {answer.status} {text[:500].decode()}")
        return text

    def _ask(self, method: str, path: str, raw: bytes | None) -> http.client.HTTPResponse:
        try:
            self.connection.request(method, path, raw, self.headers)
            return self.connection.getresponse()
        except LOST:  # the server closed it between two requests: a worker was renewed
            self.connection.close()
            self.connection.request(method, path, raw, self.headers)
            return self.connection.getresponse()


def sign_in(url: str, email: str, password: str) -> dict[str, Any]:
    """Log in over the API. Returns the answer: token, user, tenant.

    :raises EmbeddedError: the login is refused.
    """
    body = {"email": email, "password": password}
    answer: dict[str, Any] = orjson.loads(Door(url).send("POST", "/api/v1/auth/login", body))
    return answer
