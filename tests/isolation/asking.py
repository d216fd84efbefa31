"""Requests of the sweep, whose answers are compared without the ids that were asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from rest_framework.test import APIClient

# What no two answers share.
OWN = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|req_\w+")
SECRET = b"acme"  # in the name of all that is theirs


@dataclass(frozen=True)
class Answer:
    """What matters of one."""

    status: int
    content: bytes
    location: str = ""

    def about(self, row: Any) -> Answer:
        """The same without the id it was asked for."""
        named = str(row)
        return Answer(
            self.status,
            OWN.sub(b"", self.content.replace(named.encode(), b"#")),
            self.location.replace(named, "#"),
        )

    def __str__(self) -> str:
        return f"{self.status} {self.content[:300]!r}"

    @property
    def names_theirs(self) -> bool:
        """Whether something of acme's stands in it."""
        return SECRET in self.content.lower()


def ask(client: APIClient, method: str, path: str, body: Any = None) -> Answer:
    """Send a request, as the first one of its minute."""
    cache.clear()
    client.raise_request_exception = False
    extra = {} if method == "get" else {"data": body, "format": "json"}
    with transaction.atomic():
        answer = getattr(client, method)(path, **extra)
    content = answer.getvalue() if answer.streaming else answer.content
    return Answer(answer.status_code, content, answer.headers.get("Location", ""))
