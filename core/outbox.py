"""Messages for other people's servers: rows written with the change they tell of, sent by workers.

Each attempt is a transaction of its own, and none is open while the network is waited for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import TenantModel
from core.tenancy import current_tenant

LEASE = timedelta(minutes=2)  # several times what one request may take
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=6)

# Whoever takes a row has it for the time of the lease; two workers never take the same.
CLAIM = """
    UPDATE {table} SET due_at = %(lease)s, attempts = attempts + 1
    WHERE id = (
        SELECT id FROM {table}
        WHERE tenant_id = %(tenant_id)s AND status = 'pending' AND due_at <= %(at)s {which}
        ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id
"""


class OutboxRow(TenantModel):
    """A message on its way, and what was answered to its last attempt."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, db_default=Status.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    # Also the end of the lease of whoever is sending it: a worker that dies lets go by itself.
    due_at = models.DateTimeField(_("next attempt"))
    answer_status = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer = models.TextField(_("what it said"), blank=True, db_default="")
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta(TenantModel.Meta):
        abstract = True


def claim_next(model: type[OutboxRow], *, at: datetime, **columns: int) -> int | None:
    """Take the pending row that is due longest, in the tenant acted for; return its id.

    :param columns: values that its columns must have.
    """
    which = "".join(f" AND {name} = %({name})s" for name in columns)
    sql = CLAIM.format(table=model._meta.db_table, which=which)
    values: dict[str, Any] = {"tenant_id": current_tenant(), "at": at, **columns}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "lease": timezone.now() + LEASE})
        row = cursor.fetchone()
    return row[0] if row else None


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: a minute, doubled, up to 6 hours."""
    return min(FIRST_DELAY * 2 ** min(attempts - 1, 10), LONGEST_DELAY)
