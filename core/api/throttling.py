"""Limits on how often something may be tried."""

from __future__ import annotations

import hashlib
import logging
import math
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.cache import cache
from rest_framework.exceptions import Throttled

log = logging.getLogger(__name__)
BEGIN = 0.0  # windows are counted from here: a minute's with each minute, an hour's with each hour
NAMES = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
# Counts one limit after the other until one is over: who is refused by the first is no try of the
# second, which others share. All of it is one question to the cache server.
COUNT = """
local counted = {}
for i, key in ipairs(KEYS) do
    counted[i] = redis.call('INCRBY', key, ARGV[3 * i - 2])
    redis.call('EXPIRE', key, ARGV[3 * i - 1])
    if counted[i] > tonumber(ARGV[3 * i]) then break end
end
return counted
"""


class Limit(NamedTuple):
    """At most so many tries of `scope` by `who` in each window of `seconds`."""

    scope: str
    who: tuple[str, ...]
    most: int
    seconds: int = 60
    tries: int = 1  # counted at once

    @property
    def window(self) -> int:
        return int((time.time() - BEGIN) // self.seconds)

    @property
    def left(self) -> float:
        """Seconds until the next window."""
        return (self.window + 1) * self.seconds - (time.time() - BEGIN)

    @property
    def key(self) -> str:
        digest = hashlib.sha256("|".join(self.who).encode(errors="replace")).hexdigest()[:32]
        return f"throttle:{self.scope}:{digest}:{self.window}"


class Allowance(NamedTuple):
    """What is left of a limit."""

    limit: int
    remaining: int
    seconds: float  # until all of it is there again

    def headers(self) -> dict[str, str]:
        """As answers tell it."""
        told = (self.limit, max(0, self.remaining), math.ceil(self.seconds))
        return dict(zip(NAMES, map(str, told), strict=True))


class TooOften(Throttled):
    """429 that says which limit was reached."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(wait=limit.left)
        self.allowance = Allowance(limit.most, 0, limit.left)


def hit(scope: str, *who: str, limit: int, seconds: int = 60, tries: int = 1) -> None:
    """Count one try (or some at once) in the current window of `seconds`.

    :raises TooOften: (429 with Retry-After) from the try after `limit` on.
    """
    hit_all(Limit(scope, who, limit, seconds, tries))


def hit_all(*limits: Limit) -> None:
    """Count one try against several limits, in their order until one is reached.

    :raises TooOften: one of them is.
    """
    for limit, counted in zip(limits, count(limits), strict=False):
        if counted > limit.most:
            raise TooOften(limit)


def count(limits: Sequence[Limit]) -> list[int]:
    """Count, and return how many there are of each; nothing beyond the first that is over.

    The cache server counts, so that parallel tries all do. One that is down lets people in: it
    must not keep everybody out.
    """
    keys = [cache.make_key(limit.key) for limit in limits]
    numbers = [n for limit in limits for n in (limit.tries, limit.seconds * 2, limit.most)]
    try:
        return [int(each) for each in _server().eval(COUNT, len(keys), *keys, *numbers)]
    except Exception:
        log.exception("the cache does not answer; %s is not throttled", limits[0].scope)
        return []


def _server() -> Any:
    """The server itself: Django's own words know no counting of several things at once."""
    return cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
