"""Reminding whom an event expects: so many minutes before it begins, of each beginning once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.tenants.models import Tenant
from core.models import tenant_of_written_row
from core.tasks import wake
from sales.events.models import Attendee
from sales.events.telling import tell_soon
from sales.invitations.models import EventMail
from sales.invitations.services import SEND_MAILS, unsent_mail

AT_ONCE = 500
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


@transaction.atomic
def queue_reminders(*, at: datetime) -> int:
    """Write down the reminders that are due in the tenant acted for. Returns how many, up to 500.

    Colleagues are told by a notification, too.
    """
    tenant = Tenant.objects.get(pk=tenant_of_written_row(None))
    values: dict[str, Any] = {"tenant_id": tenant.pk, "at": at, "most": AT_ONCE}
    with connection.cursor() as cursor:
        cursor.execute(DUE, values)
        due: dict[int, int] = dict(cursor.fetchall())
    people = Attendee.objects.select_related("event", "contact", "user").in_bulk(list(due))
    mails = [
        unsent_mail(
            each.event,
            each,
            EventMail.Purpose.REMINDER,
            tenant,
            due_at=at,
            created_at=at,
            start_at=each.event.start_at,
            minutes_before=due[pk],
        )
        for pk, each in people.items()
    ]
    EventMail.objects.bulk_create(mails, ignore_conflicts=True)
    tell_soon((each, due[pk]) for pk, each in people.items())
    if mails:
        wake(SEND_MAILS, tenant_id=tenant.pk)
    return len(mails)


def remind() -> int:
    """Write down every reminder of now for the tenant acted for; return how many."""
    total = 0
    while some := queue_reminders(at=timezone.now()):
        total += some
    return total
