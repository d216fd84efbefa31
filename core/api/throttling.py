"""Limits on how often something may be tried."""

from __future__ import annotations

import hashlib
import logging
import time

from django.core.cache import cache
from rest_framework.exceptions import Throttled

log = logging.getLogger(__name__)


def hit(scope: str, *who: str, limit: int, seconds: int = 60) -> None:
    """Count one try in the current window of `seconds`.

    The counter is incremented by the cache server, so that parallel tries all count. A cache that
    is down lets people in: it must not keep everybody out.

    :raises Throttled: (429 with Retry-After) from the try after `limit` on.
    """
    now = time.time()
    window = int(now // seconds)
    digest = hashlib.sha256("|".join(who).encode(errors="replace")).hexdigest()[:32]
    key = f"throttle:{scope}:{digest}:{window}"
    try:
        cache.add(key, 0, timeout=seconds * 2)
        tries = cache.incr(key)
    except Exception:
        log.exception("the cache does not answer; %s is not throttled", scope)
        return
    if tries > limit:
        raise Throttled(wait=(window + 1) * seconds - now)
