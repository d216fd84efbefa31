"""The columns of events and their people that the sales API shows."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Subquery

from sales.events.models import Attendee, Event
from sales.invitations.models import EventMail

MOST_SHOWN = 200  # people with their event; all of them have a list of their own
COLUMNS = (
    *("id", "title", "type", "start_at", "end_at", "location", "online_url", "description"),
    *("is_mandatory", "max_attendees", "remind_before", "owner_id", "cancelled_at"),
    *("created_at", "updated_at"),
)
PERSON_COLUMNS = (
    *("id", "event_id", "contact_id", "user_id", "status", "answered_at", "checked_in_at"),
    *("created_at", "contact__first_name", "contact__last_name", "contact__email"),
    *("user__name", "user__email"),
)


def event_rows(events: Any, user: Any = None) -> Any:
    """Read events as dicts, with their counts and, of a user, what they answered."""
    rows = events.with_counts().values(
        *COLUMNS,
        *("attendees_count", "accepted_count", "checked_in_count"),
        owner_name=F("owner__name"),
    )
    if user is None:
        return rows
    mine = Attendee.objects.filter(event=OuterRef("pk"), user=user.pk)
    return rows.annotate(my_status=Subquery(mine.values("status")[:1]))


def attendee_rows(people: Any) -> Any:
    """Read people on lists as dicts, with what became of the last mail to each."""
    mails = EventMail.objects.filter(attendee=OuterRef("pk")).order_by("-pk")
    return people.values(
        *PERSON_COLUMNS,
        checked_in_by_name=F("checked_in_by__name"),
        mail_status=Subquery(mails.values("status")[:1]),
        mail_error=Subquery(mails.values("answer")[:1]),
    )


def event_data(event_id: int) -> list[dict[str, Any]]:
    """Return what is told about an event, with the names of the sales API."""
    return list(event_rows(Event.all_objects.filter(pk=event_id)))


def attendee_data(attendee_id: int) -> list[dict[str, Any]]:
    """Return what is told about somebody on a list, with the names of the sales API."""
    people = Attendee.objects.filter(pk=attendee_id)
    return [shape(row) for row in attendee_rows(people)]


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of attendee_rows as the sales API shows it."""
    is_contact = row["contact_id"] is not None
    name = f"{row['contact__first_name']} {row['contact__last_name']}".strip()
    kept = {
        name: row[name]
        for name in (
            *("id", "event_id", "contact_id", "user_id", "status", "answered_at"),
            *("checked_in_at", "checked_in_by_name", "mail_status", "created_at"),
        )
    }
    return {
        **kept,
        "name": name if is_contact else row["user__name"],
        "email": row["contact__email"] if is_contact else row["user__email"],
        "mail_error": row["mail_error"] or "",
    }
