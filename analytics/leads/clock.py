"""From where the next sync must look, and whether the clock can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from analytics.leads.models import SyncLog
from analytics.leads.statements import CLOCK

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Moment:
    """The database's clock as a run begins, and since when somebody else may be writing."""

    now: datetime
    oldest_start: datetime | None  # of the transactions that are open
    has_unknown_writer: bool  # somebody has written something, and nobody may say since when

    def watermark(self, previous: SyncLog | None) -> datetime:
        """What is committed from now on was changed after this.

        It is not simply the clock: a row carries the time of the statement that changed it, and a
        long import commits it much later.
        """
        if self.has_unknown_writer:
            return previous.watermark if previous else LONG_AGO
        overlap = timedelta(seconds=settings.CRM_ANALYTICS_OVERLAP_SECONDS)
        return min(self.now, self.oldest_start or self.now) - overlap

    def is_before(self, previous: SyncLog) -> bool:
        """Whether the clock was put back: then `updated_at` tells nothing of what changed since."""
        return self.now < previous.started_at


def look_at_clock() -> Moment:
    """Ask the database, whose clock it is that stamps the rows."""
    with connection.cursor() as cursor:
        cursor.execute(CLOCK)
        return Moment(*cursor.fetchone())
