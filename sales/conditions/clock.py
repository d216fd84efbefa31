from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True)
class Clock:
    """What time it is, and in which zone days begin."""

    at: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        """The day that it is there."""
        return self.at.astimezone(self.zone).date()

    def span(self, day: date) -> tuple[datetime, datetime]:
        """When a day begins, and when the next one does."""
        return self._begins(day), self._begins(day + timedelta(days=1))

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone).astimezone(UTC)
