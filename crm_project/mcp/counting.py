"""How many messages agents may send a minute.

A process counts some messages in advance, so that most need not ask the cache: that was a fifth
of what the protocol adds to a question to the API. Processes together never let more pass than
the limit; what one has counted and not used is lost to the others for that minute.
"""

from __future__ import annotations

import time
from threading import Lock

from django.conf import settings

from core.api.throttling import hit

MINUTE = 60  # seconds
PARTS = 60  # of the limit: so many messages at once are counted in advance

_lock = Lock()
_left: dict[tuple[str, int], int] = {}


def count_message(who: str) -> None:
    """Count one message of somebody's agents.

    :raises Throttled: there were too many in this minute.
    """
    limit: int = settings.CRM_MCP_MESSAGES_PER_MINUTE
    now = int(time.time() // MINUTE)
    with _lock:
        if _left.get((who, now), 0) > 0:
            _left[who, now] -= 1
            return
        for old in [each for each in _left if each[1] != now]:
            del _left[old]
    more = max(1, limit // PARTS)
    hit("mcp", who, limit=limit, seconds=MINUTE, tries=more)
    with _lock:
        _left[who, now] = _left.get((who, now), 0) + more - 1
