"""How many requests a user, a tenant and an address may make a minute, told in each answer.

A process counts some requests in advance, so that most need not ask the cache: processes together
never let more pass than the limit; what one has counted and not used is lost to the others for
that minute. Whoever comes to the end of what was counted asks for all three limits at once.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

from django.conf import settings

from core.api import throttling
from core.api.throttling import Allowance, Limit, TooOften
from core.network import caller_of

MINUTE = 60  # seconds
PARTS = 60  # of a limit: so many requests at once are counted in advance
SILENCE = 10  # seconds in which a cache that did not answer is not asked again


class _Counted:
    """What this process has counted in advance, in one minute."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.window = -1
        self.left: dict[str, int] = {}  # may still be used here
        self.free: dict[str, int] = {}  # was not counted by anybody when we asked
        self.silent_until = 0.0

    def use(self, limits: list[Limit]) -> list[Limit]:
        """Take one of each; return those of which none is left."""
        with self.lock:
            if limits[0].window != self.window:
                self.window, self.left, self.free = limits[0].window, {}, {}
            short = [limit for limit in limits if self.left.get(_name(limit), 0) <= 0]
            for limit in [] if short else limits:
                self.left[_name(limit)] -= 1
            return short

    def add(self, limit: Limit, counted: int) -> None:
        name = _name(limit)
        over = max(0, counted - limit.most)
        with self.lock:
            self.left[name] = self.left.get(name, 0) + max(0, limit.tries - over)
            self.free[name] = max(0, limit.most - counted)

    def remaining(self, limit: Limit) -> int:
        name = _name(limit)
        return self.left.get(name, 0) + self.free.get(name, limit.most)


_counted = _Counted()


def count_request(request: Any, user: Any = None) -> Allowance | None:
    """Count a request for its user, their tenant and where it comes from.

    :returns: what is left of the limit that is nearest; None when nothing is limited.
    :raises TooOften: a limit is reached.
    """
    limits = _limits(request, user)
    if not limits or time.monotonic() < _counted.silent_until:
        return None
    if short := _counted.use(limits):
        _ask(short)
        _counted.use(limits)
    nearest = min(limits, key=lambda limit: _counted.remaining(limit) / limit.most)
    return Allowance(nearest.most, _counted.remaining(nearest), nearest.left)


def _ask(short: list[Limit]) -> None:
    """Count some requests in advance, of all limits at once."""
    counts = throttling.count(short)
    if not counts:
        _counted.silent_until = time.monotonic() + SILENCE
    for limit, counted in zip(short, counts, strict=False):
        if counted - limit.tries >= limit.most:
            raise TooOften(limit)
        _counted.add(limit, counted)


def _limits(request: Any, user: Any) -> list[Limit]:
    found = []
    if user is not None:
        found.append(_limit("user", str(user.pk), settings.CRM_USER_REQUESTS_PER_MINUTE))
        if user.tenant_id is not None:
            most = settings.CRM_TENANT_REQUESTS_PER_MINUTE
            found.append(_limit("tenant", str(user.tenant_id), most))
    most = settings.CRM_ADDRESS_REQUESTS_PER_MINUTE
    found.append(_limit("address", caller_of(request), most))
    return [limit for limit in found if limit.most]


def _limit(scope: str, who: str, most: int) -> Limit:
    return Limit(f"requests-{scope}", (who,), most, MINUTE, max(1, most // PARTS))


def _name(limit: Limit) -> str:
    return f"{limit.scope}:{limit.who[0]}"
