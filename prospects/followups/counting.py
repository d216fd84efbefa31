"""How many follow-ups are planned, for who sees every card: counted without reading the cards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.tenancy import current_tenant

# What an index alone knows, less what hangs on deleted cards: of 40,000 follow-ups each would be
# looked up with its card otherwise. One without a card is never planned.
PLANNED = """
    SELECT scheduled_at, 1 FROM prospects_followupnote
    WHERE tenant_id = %s AND scheduled_at >= %s AND scheduled_at < %s
    UNION ALL
    SELECT n.scheduled_at, -1
    FROM prospects_prospect deleted JOIN prospects_followupnote n ON n.prospect_id = deleted.id
    WHERE deleted.tenant_id = %s AND deleted.deleted_at IS NOT NULL
      AND n.scheduled_at >= %s AND n.scheduled_at < %s
"""


def count_planned(since: datetime, until: datetime) -> tuple[str, tuple[Any, ...]]:
    """Return SQL of moments and numbers: these add up to the follow-ups of live cards."""
    return PLANNED, (current_tenant(), since, until) * 2
