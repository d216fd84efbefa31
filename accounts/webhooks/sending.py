"""Deliveries on their way: claimed, sent, tried again, given up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.notifications.services import Notice, notify_users
from accounts.users import roles
from accounts.users.models import User
from accounts.webhooks.client import post, signed_headers
from accounts.webhooks.models import WebhookDelivery, WebhookEndpoint
from accounts.webhooks.outbox import body_of
from core.errors import DomainError
from core.outbox import claim_next, delay_after
from core.outgoing import Answer
from core.tasks import wake

Status = WebhookDelivery.Status

PATIENCE = timedelta(days=3)  # how long an endpoint may fail before it is left alone
MOST_ATTEMPTS = 20  # the delays between them add up to more than three days
KEPT = timedelta(days=30)
GONE = 410  # "do not call me any more"


class EndpointInactive(DomainError):
    """Nothing is sent to this endpoint now."""

    code = "webhook_inactive"


def send_due(*, endpoint_id: int, at: datetime, most: int) -> int:
    """Send an endpoint what is due by `at`, at most `most` deliveries. Returns how many arrived.

    It stops at the first that does not: whoever is down is not asked a hundred times.
    """
    for arrived in range(most):
        endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id, is_active=True).first()
        pk = claim_next(WebhookDelivery, at=at, endpoint_id=endpoint_id) if endpoint else None
        if endpoint is None or pk is None:
            return arrived
        delivery = WebhookDelivery.objects.get(pk=pk)
        answer = _send(endpoint, delivery)
        _settle(delivery, answer, at=timezone.now())
        if not answer.has_arrived:
            return arrived
    return most


def _send(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> Answer:
    body = body_of(delivery)
    headers = signed_headers(
        endpoint.secret, message_id=delivery.message_id, at=timezone.now(), body=body
    )
    return post(endpoint.url, body=body, headers=headers)


@transaction.atomic
def _settle(delivery: WebhookDelivery, answer: Answer, *, at: datetime) -> None:
    """Keep what came of an attempt, and decide whether and when there is another."""
    changes: dict[str, Any] = {"answer_status": answer.status, "answer": answer.text}
    if answer.has_arrived:
        changes |= {"status": Status.SENT, "sent_at": at}
    elif delivery.attempts >= MOST_ATTEMPTS:
        changes |= {"status": Status.FAILED}
    else:
        wait = max(delay_after(delivery.attempts), answer.retry_after or timedelta(0))
        changes |= {"due_at": at + wait}
    # An attempt that outlived its lease has no say over one that has arrived meanwhile.
    WebhookDelivery.objects.filter(pk=delivery.pk, status=Status.PENDING).update(**changes)
    _judge(delivery.endpoint_id, answer, at=at)


def _judge(endpoint_id: int, answer: Answer, *, at: datetime) -> None:
    """Remember since when an endpoint fails, and leave it alone when it has for too long."""
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None or (answer.has_arrived and endpoint.failing_since is None):
        return
    endpoint.failing_since = None if answer.has_arrived else endpoint.failing_since or at
    endpoint.save(update_fields=["failing_since"])
    since = endpoint.failing_since or at
    if endpoint.is_active and (answer.status == GONE or at - since >= PATIENCE):
        disable(endpoint, at=at)


def disable(endpoint: WebhookEndpoint, *, at: datetime) -> None:
    """Send an endpoint nothing more, and tell the tenant's admins."""
    endpoint.is_active = False
    endpoint.save(update_fields=["is_active"])
    endpoint.deliveries.filter(status=Status.PENDING).update(status=Status.FAILED)
    admins = User.objects.active().filter(role=roles.ADMIN, tenant_id=endpoint.tenant_id)
    notify_users(
        Notice(
            user_id=pk,
            type="webhook_disabled",
            key=f"webhook_disabled:{endpoint.pk}:{at.isoformat()}",
            title=_("Webhook disabled"),
            body=format_lazy("{}: {}", endpoint.url, _("it did not take what was sent to it.")),
            url=f"/webhooks/{endpoint.pk}",
        )
        for pk in admins.values_list("pk", flat=True)
    )


@transaction.atomic
def replay(*, delivery_ids: Collection[int], at: datetime) -> int:
    """Send deliveries again, whatever became of them. Returns how many.

    :raises EndpointInactive: none is of an active endpoint.
    """
    chosen = WebhookDelivery.objects.filter(pk__in=delivery_ids)
    again = chosen.filter(endpoint__is_active=True)
    endpoints = dict(again.values_list("endpoint_id", "tenant_id"))
    if not endpoints:
        raise EndpointInactive("The webhook is not active: activate it first.")
    ids = list(again.values_list("pk", flat=True))
    due = {"status": Status.PENDING, "attempts": 0, "due_at": at, "sent_at": None}
    count = WebhookDelivery.objects.filter(pk__in=ids).update(**due)
    for endpoint_id, tenant_id in endpoints.items():
        wake("webhooks.deliver", tenant_id=tenant_id, endpoint_id=endpoint_id)
    return int(count)


def endpoints_with_due(at: datetime) -> Iterable[dict[str, int]]:
    """Return tenant and id of the endpoints that wait for something by `at`. Runs for everyone."""
    due = WebhookDelivery.objects.filter(
        endpoint_id=OuterRef("pk"), status=Status.PENDING, due_at__lte=at
    )
    waiting = WebhookEndpoint.objects.filter(Exists(due), is_active=True, tenant__is_active=True)
    return [
        {"tenant_id": tenant_id, "endpoint_id": pk}
        for pk, tenant_id in waiting.values_list("pk", "tenant_id")
    ]


def forget_old(*, at: datetime) -> int:
    """Delete deliveries that were settled, one way or the other, a month ago. Returns how many."""
    old = WebhookDelivery.objects.filter(created_at__lt=at - KEPT).exclude(status=Status.PENDING)
    return int(old.delete()[0])
