"""What somebody opened last in the back office, so that they find the way back.

Kept in the cache only: it is convenience, and a page never fails because of it.
"""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from core.tenancy import current_tenant

MOST = 10
KEPT = 30 * 86_400  # seconds
log = logging.getLogger(__name__)

Opened = tuple[str, int]  # a model's label and a row's id


def remember_opened(user_id: int, row: Any) -> None:
    """Put a row that somebody looked at before what they looked at earlier."""
    opened = (row._meta.label_lower, row.pk)
    rest = [each for each in opened_by(user_id) if each != opened]
    try:
        cache.set(_key(user_id), [opened, *rest][:MOST], KEPT)
    except RedisError:
        log.warning("The cache does not answer: what was opened is not kept")


def opened_by(user_id: int) -> list[Opened]:
    """Return what somebody opened of the tenant acted for, the last first."""
    try:
        return [tuple(each) for each in cache.get(_key(user_id)) or ()]
    except RedisError:
        log.warning("The cache does not answer: what was opened is not known")
        return []


def _key(user_id: int) -> str:
    return f"opened:{current_tenant()}:{user_id}"
