"""Writing down who is to be mailed about an event. The worker sends it (sales.guests).

Whoever calls holds the event's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.tenants.models import Tenant
from accounts.users.models import User
from core.mails import new_message_id
from core.tasks import wake
from core.tenancy import current_tenant
from prospects.pipeline.services import acting_author
from sales.invitations.models import EventMail

Status, Purpose = EventMail.Status, EventMail.Purpose
SEND_MAILS = "guests.send_mails"
DOUBLE_CLICK = timedelta(seconds=30)  # so long after a mail left, the same wish is the same click
ASKS = (Purpose.INVITATION, Purpose.UPDATE)  # both bring the event as it is, and ask for an answer
HEARD = (Status.IN_FLIGHT, Status.SENT, Status.UNCLEAR)


def invite(event: Any, attendees: Iterable[Any], *, by: User | None, at: datetime) -> int:
    """Write down that some on the list are to be invited. Returns how many mails there are.

    One that still waits is not doubled, nor one that is on its way or has just left.
    """
    people = list(attendees)
    waiting = _refreshed(event, people, at=at)
    on_its_way = Q(status=Status.IN_FLIGHT, due_at__gt=at)
    just_left = Q(status=Status.SENT, sent_at__gt=at - DOUBLE_CLICK)
    doubled = _mails(event, people).filter(on_its_way | just_left, purpose__in=ASKS)
    known = waiting | set(doubled.values_list("attendee", flat=True))
    new = [each for each in people if each.pk not in known]
    return len(waiting) + _write(event, new, Purpose.INVITATION, by=by, at=at)


def send_update(event: Any, attendees: Iterable[Any], *, by: User | None, at: datetime) -> int:
    """Write down that some are to be told of another time or place; a mail that still waits tells
    it anyway. Returns how many mails there are."""
    people = list(attendees)
    waiting = _refreshed(event, people, at=at)
    new = [each for each in people if each.pk not in waiting]
    return len(waiting) + _write(event, new, Purpose.UPDATE, by=by, at=at)


def call_off(event: Any, attendees: Iterable[Any], *, by: User | None, at: datetime) -> int:
    """Write down that whoever was mailed is to be told that they need not come; what still waits
    is not sent. Returns how many are told."""
    people = list(attendees)
    mails = _mails(event, people)
    with override(_tenant().language):
        stopped = _("It was called off before it was sent.")
    mails.filter(status=Status.PENDING).update(status=Status.FAILED, answer=stopped)
    heard = set(mails.filter(status__in=HEARD).values_list("attendee", flat=True))
    told = [each for each in people if each.pk in heard]
    return _write(event, told, Purpose.CANCELLATION, by=by, at=at)


def call_off_again(event: Any, *, at: datetime) -> int:
    """Have cancellations that failed or are unclear be sent again. Returns how many they are.

    Whoever was written to later, being on the list again, is left alone.
    """
    later = EventMail.objects.filter(
        event=event.pk, recipient=OuterRef("recipient"), pk__gt=OuterRef("pk")
    )
    undelivered = EventMail.objects.filter(
        ~Exists(later),
        event=event.pk,
        purpose=Purpose.CANCELLATION,
        status__in=(Status.FAILED, Status.UNCLEAR),
    )
    again = {"status": Status.PENDING, "due_at": at, "attempts": 0, "answer": ""}
    count: int = undelivered.exclude(recipient="").update(**again, answer_status=None)
    if count:
        wake(SEND_MAILS, tenant_id=event.tenant_id)
    return count


def unsent_mail(
    event: Any, attendee: Any, purpose: str, tenant: Tenant, **values: Any
) -> EventMail:
    """Return a mail that is not stored yet; one without an address has failed already."""
    mail = EventMail(
        event=event,
        attendee=attendee,
        tenant=tenant,
        purpose=purpose,
        recipient=attendee.email,
        name=attendee.name,
        language=tenant.language,
        message_id=new_message_id(),
        status=Status.PENDING,
        **values,
    )
    if not mail.recipient:
        with override(tenant.language):
            mail.status, mail.answer = Status.FAILED, _("There is no email address.")
    return mail


def was_asked() -> Exists:
    """Whether an invitation is on its way to somebody on a list, or has arrived, as far as we
    know."""
    mails = EventMail.objects.filter(attendee=OuterRef("pk"))
    return Exists(mails.exclude(status=Status.FAILED))


def _mails(event: Any, people: Collection[Any]) -> Any:
    ids = [each.pk for each in people]
    return EventMail.objects.filter(event_id=event.pk, attendee__in=ids)


def _refreshed(event: Any, people: Collection[Any], *, at: datetime) -> set[int]:
    """Have mails that wait be written anew; return whose they are.

    A worker that has one in hand finds that it is not its own any more, and lets it be.
    """
    waiting = _mails(event, people).filter(status=Status.PENDING, purpose__in=ASKS)
    held = dict(
        waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk", "attendee")
    )
    if held:
        EventMail.objects.filter(pk__in=held).update(due_at=at, attempts=0)
        wake(SEND_MAILS, tenant_id=event.tenant_id)
    return set(held.values())


def _write(
    event: Any, people: Collection[Any], purpose: str, *, by: User | None, at: datetime
) -> int:
    if not people:
        return 0
    tenant, author = _tenant(), acting_author(by)
    mails = [
        unsent_mail(event, each, purpose, tenant, due_at=at, created_at=at, asked_by=author)
        for each in people
    ]
    EventMail.objects.bulk_create(mails)
    wake(SEND_MAILS, tenant_id=tenant.pk)
    return sum(mail.status == Status.PENDING for mail in mails)


def _tenant() -> Tenant:
    return Tenant.objects.get(pk=current_tenant() or 0)
