"""Limits on how often something may be tried."""

from __future__ import annotations

import hashlib
import logging
import time

from django.core.cache import cache
from rest_framework.exceptions import Throttled

log = logging.getLogger(__name__)
BEGIN = 0.0  # windows are counted from here: a minute's with each minute, an hour's with each hour


def hit(scope: str, *who: str, limit: int, seconds: int = 60, tries: int = 1) -> None:
    """Count one try (or some at once) in the current window of `seconds`.

    The counter is incremented by the cache server, so that parallel tries all count. A cache that
    is down lets people in: it must not keep everybody out.

    :raises Throttled: (429 with Retry-After) from the try after `limit` on.
    """
    now = time.time() - BEGIN
    window = int(now // seconds)
    digest = hashlib.sha256("|".join(who).encode(errors="replace")).hexdigest()[:32]
    key = f"throttle:{scope}:{digest}:{window}"
    try:
        counted = _counted(key, tries, timeout=seconds * 2)
    except Exception:
        log.exception("the cache does not answer; %s is not throttled", scope)
        return
    if counted > limit:
        raise Throttled(wait=(window + 1) * seconds - now)


def _counted(key: str, tries: int, *, timeout: int) -> int:
    """Count; all but the first find the counter there and ask the cache once only."""
    try:
        return int(cache.incr(key, tries))
    except ValueError:
        cache.add(key, 0, timeout=timeout)
        return int(cache.incr(key, tries))
