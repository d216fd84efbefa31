"""How respond.io is spoken to (developer API, version 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from core.outgoing import Answer, read_retry_after, start_of

TIMEOUT = httpx.Timeout(10, connect=5)


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
            text = start_of(response.iter_bytes(), httpx.HTTPError)
            wait = read_retry_after(response.headers.get("Retry-After", ""))
            return Answer(response.status_code, text, wait)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return Answer.none(error)
