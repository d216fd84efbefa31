"""How many mails of campaigns a tenant sends in a minute, counted where all workers see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models, transaction

from core.models import TenantModel

MINUTE = timedelta(minutes=1)


class MailPace(TenantModel):
    """How many campaign mails of a tenant were let go since its current minute began."""

    window_at = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["tenant"], name="sales_mailpace_of_tenant")
        ]

    def __str__(self) -> str:
        return f"{self.used} since {self.window_at}"


@transaction.atomic
def take_turns(wanted: int, *, limit: int | None, at: datetime) -> tuple[int, timedelta]:
    """Take the right to send so many mails now. Returns how many there are, and until when to wait
    for more.

    Those that are taken are gone, sent or not: there are never more than `limit` in a minute that
    begins with its first mail. One that is still to begin was counted by a clock put back since.

    :param limit: mails a minute; None or 0 is no limit.
    """
    if not limit:
        return wanted, timedelta(0)
    MailPace.objects.bulk_create([MailPace(window_at=at, used=0)], ignore_conflicts=True)
    pace = MailPace.objects.select_for_update().get()
    if not pace.window_at <= at < pace.window_at + MINUTE:
        pace.window_at, pace.used = at, 0
    granted = max(0, min(wanted, limit - pace.used))
    pace.used += granted
    pace.save()
    return granted, max(timedelta(0), pace.window_at + MINUTE - at)
