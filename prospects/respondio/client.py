"""How respond.io is spoken to (developer API, version 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

TIMEOUT = httpx.Timeout(10, connect=5)
KEPT_OF_ANSWER = 2000  # characters
READ_OF_ANSWER = 64 * 1024  # bytes: whatever else it says is not ours to hold in memory
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """What came back: `status` is None when nothing did, and `text` then says why."""

    status: int | None
    text: str
    retry_after: timedelta | None = None

    @property
    def has_arrived(self) -> bool:
        """Whether the service has taken the lead, whatever its answer looks like."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether sending the same again would be refused again."""
        is_busy = self.status in (408, 425, 429)
        return self.status is not None and 300 <= self.status < 500 and not is_busy


def create_or_update(
    base_url: str, *, token: str, identifier: str, body: Mapping[str, Any]
) -> Answer:
    """Hand one contact over. Never raises for what the network or the service does.

    :param identifier: `email:a@b.c` or `phone:+528112345678`.
    """
    url = f"{base_url.rstrip('/')}/contact/create_or_update/{quote(identifier, safe=':')}"
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream("POST", url, json=dict(body), headers=headers) as response,
        ):
            return Answer(response.status_code, _start_of(response), _retry_after(response.headers))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return Answer(None, f"{type(error).__name__}: {error}"[:KEPT_OF_ANSWER])


def _start_of(response: httpx.Response) -> str:
    """The answer's beginning as text; one that breaks off is what has come until then."""
    read = b""
    try:
        for piece in response.iter_bytes():
            read += piece
            if len(read) >= READ_OF_ANSWER:
                break
    except httpx.HTTPError:
        pass  # the status line has said what matters
    return read.decode("utf-8", "replace").replace("\x00", "")[:KEPT_OF_ANSWER]


def _retry_after(headers: httpx.Headers) -> timedelta | None:
    """Read `Retry-After`: seconds or a date; at most a day, None when it says neither."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=min(int(value), 10**6)), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    wait = moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)
    return min(max(wait, timedelta(0)), LONGEST_WAIT)
