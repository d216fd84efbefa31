"""Where an uploaded file waits while its owner says what its columns mean."""

from __future__ import annotations

import logging
import secrets
from io import BytesIO
from typing import Any, NamedTuple

from django.core.cache import cache

from core.errors import DomainError, NotFound

log = logging.getLogger(__name__)

MOST_BYTES = 5 * 1024 * 1024
KEPT_FOR = 3600  # seconds


class UploadsUnavailable(DomainError):
    """The cache, which keeps the file, does not answer."""

    code = "uploads_unavailable"
    status = 503


class Upload(NamedTuple):
    """A file, and what was said when it was handed over."""

    name: str
    content: bytes
    options: dict[str, Any]

    @property
    def file(self) -> BytesIO:
        return BytesIO(self.content)


def keep_upload(upload: Upload, *, owner: tuple[Any, ...]) -> str:
    """Keep a file for an hour. Returns the token under which its owner finds it again.

    :raises UploadsUnavailable: the cache does not answer.
    """
    token = secrets.token_urlsafe(16)
    try:
        cache.set(_key(token, owner), tuple(upload), timeout=KEPT_FOR)
    except Exception as error:
        log.exception("the cache does not answer; no file can be uploaded")
        raise UploadsUnavailable("Files cannot be taken right now; try again later.") from error
    return token


def find_upload(token: str, *, owner: tuple[Any, ...]) -> Upload:
    """Return the file that this owner handed over.

    :raises NotFound: there is none, or no longer.
    """
    kept = cache.get(_key(token, owner))
    if kept is None:
        raise NotFound("The file is no longer here: upload it again.")
    return Upload(*kept)


def _key(token: str, owner: tuple[Any, ...]) -> str:
    return f"upload:{':'.join(map(str, owner))}:{token}"
