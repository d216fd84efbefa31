from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from core.models import tenant_of_written_row
from core.outbox import claim_next, delay_after
from core.outgoing import Answer
from core.tasks import wake
from prospects.pipeline.models import Prospect
from prospects.respondio.client import create_or_update
from prospects.respondio.models import RespondioAccount, RespondioDelivery

Status = RespondioDelivery.Status

MOST_ATTEMPTS = 12  # the delays between them add up to a day and a half
PAUSE = timedelta(minutes=1)  # after a 429 that does not say how long

# A lead: a prospect in an open category that can be written to or called.
ENQUEUE = """
    INSERT INTO prospects_respondiodelivery (tenant_id, prospect_id, due_at)
    SELECT card.tenant_id, card.id, %(at)s
    FROM prospects_prospect card
    JOIN prospects_followupcategory category ON category.id = card.category_id
    WHERE card.id = ANY(%(ids)s) AND card.tenant_id = %(tenant_id)s AND card.type = 1
      AND category.kind = 'open' AND (card.email > '' OR card.phone > '')
    ON CONFLICT DO NOTHING
"""


def token_of_tenant() -> str:
    """Return the token of the tenant acted for; empty when its leads are not to be sent."""
    account = RespondioAccount.objects.first()
    if account is None:
        return str(settings.RESPONDIO_API_TOKEN)
    return (account.token or str(settings.RESPONDIO_API_TOKEN)) if account.is_active else ""


def enqueue_new_leads(*, prospect_ids: Sequence[int], at: datetime) -> None:
    """Write a delivery for each card that is a lead, in the transaction that creates them."""
    if not token_of_tenant():
        return
    tenant_id = tenant_of_written_row(None)
    with connection.cursor() as cursor:
        cursor.execute(ENQUEUE, {"tenant_id": tenant_id, "ids": list(prospect_ids), "at": at})
        if cursor.rowcount:
            wake("respondio.send", tenant_id=tenant_id)


def on_prospects_created(*, prospect_ids: list[int], **_: Any) -> None:
    """Receiver of `prospects_created`."""
    enqueue_new_leads(prospect_ids=prospect_ids, at=timezone.now())


def send_due(*, at: datetime, most: int) -> int:
    """Send what is due by `at`, at most `most` leads; stops when the service has had enough.

    Each lead is a transaction of its own, none of them open while the network is waited for.
    Returns how many were tried.
    """
    for tried in range(most):
        token = token_of_tenant()
        delivery = _claim(at) if token and not _is_paused(at) else None
        if delivery is None:
            return tried
        _settle(delivery, _send(delivery, token), at=timezone.now())
    return most


def _is_paused(at: datetime) -> bool:
    return RespondioAccount.objects.filter(paused_until__gt=at).exists()


def _claim(at: datetime) -> RespondioDelivery | None:
    pk = claim_next(RespondioDelivery, at=at)
    if pk is None:
        return None
    return RespondioDelivery.objects.select_related("tenant", "prospect__locale").get(pk=pk)


def _send(delivery: RespondioDelivery, token: str) -> Answer:
    card = delivery.prospect
    if card.deleted_at is not None or not (card.email or card.phone):
        return Answer(410, "The prospect was deleted, or has neither email nor phone any more.")
    identifier = f"email:{card.email}" if card.email else f"phone:{card.e164}"
    return create_or_update(
        settings.RESPONDIO_BASE_URL,
        token=token,
        identifier=identifier,
        body=contact_body(card, language=delivery.tenant.language),
    )


def contact_body(card: Prospect, *, language: str) -> dict[str, str]:
    """Return what respond.io is told about a card. It replaces what is named: blanks are left out.

    A first name is mandatory there: a card without a person is called by its company, else by how
    it is reached.
    """
    first, _space, last = card.name.partition(" ")
    body = {
        "firstName": first or card.company_name or card.email or card.e164,
        "lastName": last.strip(),
        "phone": card.e164,
        "email": card.email,
        "language": language,
        "countryCode": card.locale.country_code if card.locale else "",
    }
    return {name: value for name, value in body.items() if value}


@transaction.atomic
def _settle(delivery: RespondioDelivery, answer: Answer, *, at: datetime) -> None:
    """Keep what came of an attempt, and decide whether and when there is another."""
    changes: dict[str, Any] = {"answer_status": answer.status, "answer": answer.text}
    if answer.has_arrived:
        changes |= {"status": Status.SENT, "sent_at": at}
    elif answer.status == 429:
        until = at + (answer.retry_after or PAUSE)
        changes |= {"due_at": until, "attempts": delivery.attempts - 1}
        RespondioAccount.objects.update_or_create(
            tenant_id=delivery.tenant_id, defaults={"paused_until": until}
        )
    elif answer.is_final or delivery.attempts >= MOST_ATTEMPTS:
        changes |= {"status": Status.FAILED}
    else:
        changes |= {"due_at": at + max(delay_after(delivery.attempts), answer.retry_after or PAUSE)}
    # An attempt that outlived its lease has no say over one that has arrived meanwhile.
    RespondioDelivery.objects.filter(pk=delivery.pk, status=Status.PENDING).update(**changes)


@transaction.atomic
def resend(*, delivery_ids: Collection[int], at: datetime) -> int:
    """Try again what failed or waits; what has arrived stays. Returns how many are due now."""
    again = RespondioDelivery.objects.filter(pk__in=delivery_ids).exclude(status=Status.SENT)
    count = int(again.update(status=Status.PENDING, attempts=0, due_at=at))
    if count:
        RespondioAccount.objects.update(paused_until=None)
        wake("respondio.send", tenant_id=tenant_of_written_row(None))
    return count


def tenants_with_due_leads(at: datetime) -> Iterable[int]:
    """Return the tenants that have leads to send by `at`. Runs for everyone."""
    due = RespondioDelivery.objects.filter(status=Status.PENDING, due_at__lte=at)
    wait = Q(paused_until__gt=at) | Q(is_active=False)
    waiting = RespondioAccount.objects.filter(wait).values("tenant_id")
    return list(
        due.filter(tenant__is_active=True)
        .exclude(tenant_id__in=waiting)
        .values_list("tenant_id", flat=True)
        .distinct()
    )
