"""Mails of a campaign in hand: claimed by the hundred, in flight one by one, settled.

Each step is committed before the next. A claim is a lease (`due_at`): whoever dies lets go by
itself, and whoever was believed dead finds that the row is not its own any more.

A claim waits until the disk has it; what is committed for single mails does not (`in_a_hurry`):
waiting would take longer than all else. A worker that dies loses nothing by that, as the database
lives on. If the database itself dies it may forget the last moment, so whatever was claimed before
that is unknown then: `sales_unbroken` is a table that PostgreSQL empties when it has crashed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from psycopg import Cursor

from core.delivering import FLIGHT
from core.tenancy import current_tenant
from sales.mass_mail.models import Campaign, CampaignRecipient
from sales.mass_mail.people import Person

Status = CampaignRecipient.Status
LEASE = timedelta(minutes=3)

# MATERIALIZED: a subquery may be run more than once, and then takes more than its limit.
CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT id FROM sales_campaignrecipient
        WHERE campaign_id = %(campaign)s AND tenant_id = %(tenant)s
          AND status = 'queued' AND due_at <= %(at)s
        ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
    )
    UPDATE sales_campaignrecipient AS mail
    SET due_at = %(lease)s, claimed_at = statement_timestamp()
    FROM due WHERE mail.id = due.id RETURNING mail.id
"""
# The mail before is settled and the next one begun by one statement: one commit for each mail. A
# mail that was given up for lost, and comes back after all, is known better.
NEXT = """
    UPDATE sales_campaignrecipient AS mail SET
        status = CASE WHEN id = %(before)s THEN 'sent' ELSE 'in_flight' END,
        sent_at = CASE WHEN id = %(before)s THEN %(at)s END,
        due_at = CASE WHEN id = %(before)s THEN due_at ELSE %(until)s END,
        attempts = CASE WHEN id = %(before)s THEN attempts ELSE attempts + 1 END,
        answer = '', answer_status = NULL
    WHERE id IN (%(before)s, %(next)s) AND (
        id = %(before)s AND status IN ('in_flight', 'unknown') AND due_at = %(flight)s
        OR id = %(next)s AND status = 'queued' AND due_at = %(lease)s
        AND (SELECT status = 'sending' FROM sales_campaign WHERE id = mail.campaign_id)
        AND (
            SELECT id FROM sales_suppressedaddress AS suppressed
            WHERE suppressed.tenant_id = mail.tenant_id AND suppressed.address = mail.address
              AND suppressed.ended_at IS NULL
        ) IS NULL
    )
    RETURNING id
"""


UNBROKEN = """
    INSERT INTO sales_unbroken (since) SELECT statement_timestamp()
    WHERE NOT EXISTS (SELECT FROM sales_unbroken)
"""
FORGOTTEN = """
    UPDATE sales_campaignrecipient SET status = 'unknown', answer = %s
    WHERE campaign_id = %s AND tenant_id = %s AND status = 'queued'
      AND claimed_at < (SELECT min(since) FROM sales_unbroken)
"""


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Commit without waiting for the disk inside the block; the next claim waits for it all."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET synchronous_commit")


@dataclass
class Hand:
    """What one worker holds of a campaign: claimed rows, and the mail that is in flight."""

    lease: datetime
    ids: Collection[int]
    before: int = 0  # was handed over; that is still to be noted
    flight: datetime | None = None

    def begin(self, recipient_id: int) -> bool:
        """Note what was handed over and that the next one is in flight; tell whether it may be.

        It may not when it was claimed by another, suppressed, or the campaign is not sent now.
        """
        at = timezone.now()
        until = at + FLIGHT
        values = {
            "before": self.before,
            "flight": self.flight,
            "next": recipient_id,
            "lease": self.lease,
            "at": at,
            "until": until,
        }
        changed = _run_prepared(NEXT, values)
        self.before, self.flight = 0, until
        return recipient_id in changed

    def was_sent(self, recipient_id: int) -> None:
        """Remember that a mail was handed over; the next step commits it."""
        self.before = recipient_id

    def note_sent(self) -> None:
        """Commit that the last mail was handed over."""
        if self.before:
            self.begin(0)

    @transaction.atomic
    def settle(self, recipient_id: int, status: str, **values: Any) -> None:
        """Keep what came of a mail that was begun, if it is still the one that was.

        None waits in a campaign that was called off meanwhile.
        """
        if status == Status.QUEUED and _is_called_off(recipient_id):
            status = Status.SKIPPED
        known = (Status.IN_FLIGHT, Status.UNKNOWN)
        mine = CampaignRecipient.objects.filter(
            pk=recipient_id, status__in=known, due_at=self.flight
        )
        mine.update(status=status, **{"due_at": timezone.now(), "claimed_at": None, **values})

    def forgive(self, people: Iterable[Person]) -> None:
        """Count no attempt at mails that were put off: it was no fault of theirs."""
        for person in people:
            rows = CampaignRecipient.objects.filter(pk=person.id, status=Status.QUEUED)
            rows.filter(attempts=person.attempts + 1).update(attempts=person.attempts)

    def let_go(self) -> None:
        """Give back what was claimed and not begun."""
        rows = CampaignRecipient.objects.filter(pk__in=self.ids, due_at=self.lease)
        rows.filter(status=Status.QUEUED).update(due_at=timezone.now(), claimed_at=None)

    def skip(self, recipient_id: int, reason: Any) -> None:
        """Send no mail to somebody after all."""
        mine = CampaignRecipient.objects.filter(pk=recipient_id, due_at=self.lease)
        mine.filter(status=Status.QUEUED).update(status=Status.SKIPPED, answer=str(reason))


def _is_called_off(recipient_id: int) -> bool:
    """Whether the campaign of a mail was called off; it is not, until the transaction ends."""
    rows = Campaign.objects.select_for_update(of=("self",)).filter(recipients=recipient_id)
    return bool(rows.values_list("status", flat=True).first() == Campaign.Status.CANCELLED)


def _run_prepared(sql: str, values: dict[str, Any]) -> set[int]:
    """Run a statement that the server has planned before; return the ids that it returns.

    It goes to the connection itself: of these rows no history is kept, and what is put before
    other statements for that cannot be prepared.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(sql, values, prepare=True)
        return {row[0] for row in cursor.fetchall()}


def claim(campaign: Campaign, *, most: int, at: datetime) -> Hand:
    """Take the mails of a campaign that are due longest; two workers never take the same."""
    lease = timezone.now() + LEASE
    values = {
        "campaign": campaign.pk,
        "tenant": current_tenant(),
        "at": at,
        "lease": lease,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(UNBROKEN)
        cursor.execute(CLAIM, values)
        return Hand(lease, [row[0] for row in cursor.fetchall()])


def give_up_lost(campaign: Campaign, *, at: datetime) -> int:
    """Mark mails whose worker was not heard of again as unknown, and those of which the database
    may have forgotten something. Returns how many there were."""
    with override(campaign.tenant.language):
        words = _("Whoever was sending it stopped in the middle: it may have arrived.")
    lost = CampaignRecipient.objects.filter(
        campaign=campaign, status=Status.IN_FLIGHT, due_at__lte=at
    )
    number = int(lost.update(status=Status.UNKNOWN, answer=words))
    with connection.cursor() as cursor:
        cursor.execute(UNBROKEN)
        cursor.execute(FORGOTTEN, [words, campaign.pk, campaign.tenant_id])
        return number + cursor.rowcount
