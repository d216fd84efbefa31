"""What users are told about events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.notifications.services import Notice, notify_users
from accounts.tenants.models import Tenant
from core.tenancy import current_tenant
from sales.events.models import Attendee, Event

INVITED, CHANGED, CALLED_OFF = "event_invited", "event_changed", "event_called_off"
SOON, NOT_DELIVERED = "event_soon", "event_mail_not_delivered"
TITLES = {
    INVITED: _("You are invited"),
    CHANGED: _("An event has another time or place"),
    CALLED_OFF: _("An event is called off"),
    SOON: _("An event begins soon"),
    NOT_DELIVERED: _("A mail may not have arrived"),
}


def tell_invited(event: Event, people: Iterable[Attendee], *, by: Any) -> None:
    """Tell colleagues that they are invited, once; not whoever invites themselves."""
    notify_users(_notices(INVITED, event, people, once="", by=by))


def tell_changed(event: Event, people: Iterable[Attendee], *, by: Any) -> None:
    """Tell colleagues that an event has another time or place."""
    notify_users(_notices(CHANGED, event, people, once=f":{event.sequence}", by=by))


def tell_called_off(event: Event, people: Iterable[Attendee], *, by: Any) -> None:
    """Tell colleagues that they need not come."""
    notify_users(_notices(CALLED_OFF, event, people, once="", by=by))


def tell_soon(people: Iterable[tuple[Attendee, int]]) -> None:
    """Tell colleagues that an event begins in so many minutes; of each beginning once."""
    expected = [each for each in people if each[0].user_id]
    zone = _own_zone() if expected else None
    notices: list[Notice] = []
    for attendee, minutes in expected:
        event = attendee.event
        once = f":{event.start_at.isoformat()}:{minutes}"
        notices += _notices(SOON, event, [attendee], once=once, zone=zone)
    notify_users(notices)


def tell_not_delivered(event: Event, *, once: str, detail: str) -> None:
    """Tell the owner of an event that somebody may not know of it."""
    user_id = event.owner_id or event.created_by_id
    if user_id is not None:
        body = format_lazy("{}: {}", event.title, detail)
        notify_users([_notice(NOT_DELIVERED, event, user_id, f":{once}", body)])


def when_text(moment: datetime, zone: Any) -> str:
    """Return a moment as the clocks of a time zone show it, in the language that is spoken."""
    return date_format(timezone.localtime(moment, zone), "DATETIME_FORMAT")


_when = lazy(when_text, str)


def _notices(
    kind: str,
    event: Event,
    people: Iterable[Attendee],
    *,
    once: str,
    by: Any = None,
    zone: Any = None,
) -> list[Notice]:
    ids = {each.user_id for each in people if each.user_id and each.user_id != getattr(by, "pk", 0)}
    if not ids:
        return []
    body: Any = format_lazy("{}: {}", event.title, _when(event.start_at, zone or _own_zone()))
    return [_notice(kind, event, user_id, once, body) for user_id in sorted(ids)]


def _notice(kind: str, event: Event, user_id: int, once: str, body: Any) -> Notice:
    return Notice(
        user_id=user_id,
        type=kind,
        key=f"{kind}:{event.pk}{once}",
        title=TITLES[kind],
        body=body,
        url=f"/events/{event.pk}",
    )


def _own_zone() -> Any:
    """The time zone of the tenant acted for."""
    return Tenant.objects.get(pk=current_tenant() or 0).zone
