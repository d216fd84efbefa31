"""`ETag`, `If-Match` and `If-None-Match` (RFC 9110): nobody overwrites what they have not seen, and
nobody is sent again what they have.

An ETag of a row begins with its version, which `If-Match` asks about; behind the point stands what
else there is to see of it, which only `If-None-Match` asks about.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from django.conf import settings

from core.errors import Outdated

# A proxy that compresses answers calls our names weak: they are compared weakly.
_NAME = re.compile(r'(?:W/)?"([^"\x00-\x20\x7f]*)"')


def etag_of(*changed: datetime) -> str:
    """Return the name of a row's present state, from the moments at which its parts changed."""
    return '"{}"'.format("-".join(f"{each.astimezone(UTC):%Y%m%d%H%M%S%f}" for each in changed))


def whole_etag(version: str, body: bytes) -> str:
    """Return the name of an answer that shows a row: its version, and what else stands in it."""
    return f'"{version.strip(chr(34))}.{short_hash(body)}"' if version else ""


def short_hash(*parts: bytes) -> str:
    """Return 24 hexadecimal digits that stand for these bytes, and that nobody else can make."""
    digest = blake2b(key=settings.SECRET_KEY.encode()[:64], digest_size=12)
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def names_in(header: str) -> list[str]:
    """Return what stands between the quotes of each ETag of a header."""
    return _NAME.findall(header)


def asks_for_version(request: Any) -> bool:
    """Whether the caller wants to write only over the state that they have seen."""
    return request.headers.get("If-Match", "*").strip() != "*"


def refuse_outdated(request: Any, present: str) -> None:
    """See whether the present state is one that the caller knows; its row must be locked.

    :raises Outdated: it is another, by If-Match.
    """
    if not asks_for_version(request):
        return
    known = {name.partition(".")[0] for name in names_in(request.headers["If-Match"])}
    if present.strip('"') not in known:
        raise Outdated("This has changed since you read it. Read it again, then change it.")
