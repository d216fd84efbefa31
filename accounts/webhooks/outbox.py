"""Where the apps say what has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection

from accounts.webhooks.models import WebhookDelivery
from core.api.errors import Surface
from core.api.rendering import dump
from core.kept_plans import fetch_kept
from core.models import tenant_of_written_row
from core.tasks import wake

Data = Mapping[str, Any]

WANTED = """
    SELECT id, events FROM accounts_webhookendpoint
    WHERE tenant_id = %s AND is_active AND events && %s::varchar[]
"""
WRITE = """
    INSERT INTO accounts_webhookdelivery
        (tenant_id, endpoint_id, event, object_id, data, created_at, due_at)
    SELECT %(tenant_id)s, endpoint_id, %(event)s, (object->>'id')::bigint, object, now(), now()
    FROM unnest(%(endpoints)s::bigint[]) AS endpoint_id,
         jsonb_array_elements(%(objects)s::jsonb) WITH ORDINALITY AS message (object, number)
    WHERE NOT EXISTS (
        SELECT FROM accounts_webhookdelivery AS told
        WHERE told.endpoint_id = endpoint_id.endpoint_id AND told.event = %(made)s
          AND told.object_id = (object->>'id')::bigint AND told.created_at = now()
    )
    ORDER BY number
    ON CONFLICT (endpoint_id, event, object_id, created_at) DO UPDATE SET data = excluded.data
    WHERE accounts_webhookdelivery.status = 'pending'
"""


def emit(events: Mapping[str, Callable[[], Iterable[Data]]]) -> None:
    """Tell the tenant's webhooks what has happened, in the transaction in which it does.

    `emit({"deal.won": lambda: deal_data([deal.pk])})`: by event, what gives its objects, each with
    its `id` and anything that JSON can hold (moments and decimals too). It is asked for them only
    if an endpoint wants the event: when none does, this is one look at an index, however many
    objects there are. An object is told once for each event and transaction, as last emitted.
    """
    if not events:
        return
    tenant_id = tenant_of_written_row(None)
    endpoints = fetch_kept(WANTED, (tenant_id, list(events)))
    for event, objects in events.items() if endpoints else ():
        ids = [endpoint["id"] for endpoint in endpoints if event in endpoint["events"]]
        if ids:
            _write(tenant_id, event, ids, list(objects()))
    for endpoint in endpoints:
        wake("webhooks.deliver", tenant_id=tenant_id, endpoint_id=endpoint["id"])


def body_of(delivery: WebhookDelivery) -> bytes:
    """Return what an endpoint is sent: what happened, when, and to what."""
    message = {"type": delivery.event, "timestamp": delivery.created_at, "data": delivery.data}
    return dump(message, Surface.SALES)


def _write(tenant_id: int, event: str, endpoint_ids: list[int], objects: list[Data]) -> None:
    thing, _dot, done = event.partition(".")
    values: dict[str, Any] = {
        "tenant_id": tenant_id,
        "event": event,
        "made": f"{thing}.created" if done == "updated" else "",
        "endpoints": endpoint_ids,
        "objects": dump(objects, Surface.SALES).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
