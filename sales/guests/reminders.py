"""Reminding whom an event expects: so many minutes before it begins, of each beginning once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.errors import DomainError
from core.tasks import wake
from core.tenancy import current_tenant
from prospects.pipeline.services import acting_author
from sales.events.models import Attendee
from sales.events.services import lock_event, refuse_cancelled
from sales.events.telling import tell_soon
from sales.invitations.models import EventMail
from sales.invitations.services import SEND_MAILS, unsent_mail

AT_ONCE = 500
EXPECTED = (Attendee.Status.INVITED, Attendee.Status.ACCEPTED)
# Of the reminders of each beginning that are due, the last one: what an outage held up is not said
# twice. Who heard of the event after that moment, by being invited or told of another time, is not
# reminded of it at once.
DUE = """
    SELECT attendee.id, due.minutes
    FROM sales_event AS event
    CROSS JOIN LATERAL (
        SELECT min(minutes) AS minutes,
               event.start_at - make_interval(mins => min(minutes)) AS moment
        FROM unnest(event.remind_before) AS minutes
        WHERE event.start_at - make_interval(mins => minutes) <= %(at)s
    ) AS due
    JOIN sales_attendee AS attendee ON attendee.event_id = event.id
        AND attendee.status IN ('invited', 'accepted') AND attendee.created_at <= due.moment
    LEFT JOIN prospects_contact AS contact ON contact.id = attendee.contact_id
    LEFT JOIN accounts_user AS colleague ON colleague.id = attendee.user_id
    WHERE event.tenant_id = %(tenant_id)s AND event.deleted_at IS NULL
      AND event.cancelled_at IS NULL AND event.end_at > %(at)s AND event.start_at > %(at)s
      AND due.minutes IS NOT NULL
      AND CASE WHEN attendee.user_id IS NULL THEN contact.deleted_at IS NULL
          ELSE colleague.is_active END
      AND NOT EXISTS (
          SELECT FROM sales_eventmail AS mail WHERE mail.attendee_id = attendee.id AND (
              mail.purpose = 'reminder' AND mail.start_at = event.start_at
                  AND mail.minutes_before <= due.minutes
              OR mail.purpose IN ('invitation', 'update') AND mail.created_at > due.moment
          )
      )
    ORDER BY attendee.id LIMIT %(most)s
"""


class EventBegun(DomainError):
    """It has begun: nobody is reminded any more."""

    code = "event_begun"


@transaction.atomic
def queue_reminders(*, at: datetime) -> int:
    """Write down the reminders that are due in the tenant acted for. Returns how many, up to 500.

    Colleagues are told by a notification, too.
    """
    values: dict[str, Any] = {"tenant_id": current_tenant(), "at": at, "most": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(DUE, values)
        due: dict[int, int] = dict(cursor.fetchall())
    people = Attendee.objects.select_related("event", "contact", "user").in_bulk(list(due))
    return _write({each: due[pk] for pk, each in people.items()}, at=at, by=None)


@transaction.atomic
def remind_now(*, event_id: int, by: User, at: datetime) -> int:
    """Write down reminders of an event, of those on its list whom `by` sees, now. Returns how many.

    Twice in one minute is once.

    :raises NotFound: there is no such event.
    :raises EventCancelled: it was.
    :raises EventBegun: there is nothing to remind of any more.
    """
    event = lock_event(event_id)
    refuse_cancelled(event)
    if event.start_at <= at:
        raise EventBegun("This event has begun.")
    minutes = (event.start_at - at) // timedelta(minutes=1)
    people = Attendee.objects.visible_to(by).filter(event=event, status__in=EXPECTED)
    found = people.select_related("event", "contact", "user").order_by("pk")
    return _write(dict.fromkeys(found, minutes), at=at, by=by)


def remind() -> int:
    """Write down every reminder of now for the tenant acted for; return how many."""
    total = 0
    while some := queue_reminders(at=timezone.now()):
        total += some
    return total


def _write(due: Mapping[Attendee, int], *, at: datetime, by: User | None) -> int:
    """Write reminders for people, each so many minutes before their event begins."""
    if not due:
        return 0
    tenant = Tenant.objects.get(pk=current_tenant() or 0)
    mails = [
        unsent_mail(
            each.event,
            each,
            EventMail.Purpose.REMINDER,
            tenant,
            due_at=at,
            created_at=at,
            start_at=each.event.start_at,
            minutes_before=minutes,
            asked_by=acting_author(by),
        )
        for each, minutes in due.items()
    ]
    EventMail.objects.bulk_create(mails, ignore_conflicts=True)
    tell_soon(due.items())
    wake(SEND_MAILS, tenant_id=tenant.pk)
    return len(mails)
