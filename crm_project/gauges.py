"""What waits, for Prometheus: read from the database and the broker whenever it asks.

A gauge that cannot be read is left out, and `crm_up` of its source is 0.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from celery import current_app
from django.apps import apps
from django.db import connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from analytics.leads.models import SyncLog
from core.outbox import OutboxRow
from core.task_metrics import WOKEN
from core.tasks import overdue_work

# Of the tenants at work: how old the state is that the one longest without a sync shows.
SYNC_LAG = f"""
    SELECT coalesce(max(extract(epoch FROM now() - coalesce(latest.watermark, t.created_at))), 0)
    FROM accounts_tenant t LEFT JOIN LATERAL (
        SELECT watermark FROM {SyncLog._meta.db_table} s
        WHERE s.tenant_id = t.id AND s.status = 'finished' ORDER BY finished_at DESC LIMIT 1
    ) latest ON true WHERE t.is_active
"""
OUTBOX = """
    SELECT '{name}', count(*) FILTER (WHERE due_at <= now()), count(*),
           coalesce(extract(epoch FROM now() - min(due_at)), 0)
    FROM {table} WHERE status = 'pending'
"""


class Gauges(Collector):
    """What waits at this moment."""

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("crm_up", "Whether this can be asked", labels=["source"])
        for source, read in SOURCES.items():
            try:
                yield from list(read())
                up.add_metric([source], 1)
            except Exception:
                up.add_metric([source], 0)
        yield up

    def describe(self) -> Iterator[Metric]:
        """Nothing in advance: registering must not ask the database."""
        return iter(())


def _queues() -> Iterator[Metric]:
    """How many messages wait in the broker, and how long the next one has."""
    length = GaugeMetricFamily("crm_queue_messages", "Tasks that wait", labels=["queue"])
    lag = GaugeMetricFamily(
        "crm_queue_lag_seconds", "How long the task that is next has waited", labels=["queue"]
    )
    queue = current_app.conf.task_default_queue
    with current_app.connection_for_read() as broker:
        client = broker.default_channel.client
        length.add_metric([queue], client.llen(queue))
        lag.add_metric([queue], _waited(client.lindex(queue, -1)))
    yield length
    yield lag


def _waited(message: bytes | None) -> float:
    """Seconds since the message was sent; 0 without one, or without a stamp."""
    woken = json.loads(message)["headers"].get(WOKEN) if message else None
    return max(0.0, time.time() - woken) if isinstance(woken, float) else 0.0


def _outboxes() -> Iterator[Metric]:
    """Messages for others' servers: due, waiting in all, and how late the oldest is."""
    due = GaugeMetricFamily("crm_outbox_due", "Messages that should be leaving", labels=["kind"])
    waiting = GaugeMetricFamily(
        "crm_outbox_pending", "Messages that have not left, later tries included", labels=["kind"]
    )
    late = GaugeMetricFamily(
        "crm_outbox_late_seconds", "How late the message is that is due longest", labels=["kind"]
    )
    for kind, number_due, number, seconds in _asked(_outbox_statement()):
        due.add_metric([kind], number_due)
        waiting.add_metric([kind], number)
        late.add_metric([kind], max(0.0, float(seconds)))
    yield from (due, waiting, late)


def _outbox_statement() -> str:
    tables = [model._meta for model in apps.get_models() if issubclass(model, OutboxRow)]
    return " UNION ALL ".join(
        OUTBOX.format(name=meta.label_lower, table=meta.db_table) for meta in tables
    )


def _syncs() -> Iterator[Metric]:
    """The age of the oldest tenant's analytics."""
    ((seconds,),) = _asked(SYNC_LAG)
    yield GaugeMetricFamily(
        "crm_sync_lag_seconds",
        "Age of what analytics shows, of the tenant where it is oldest",
        value=max(0.0, float(seconds)),
    )


def _pending() -> Iterator[Metric]:
    """Work that waits to be woken, by task: what the sweep of each minute finds."""
    found = GaugeMetricFamily("crm_pending_work", "Work that waits for a task", labels=["task"])
    for name, rows in overdue_work():
        found.add_metric([name], len(rows))
    yield found


def _asked(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


SOURCES: dict[str, Callable[[], Iterator[Metric]]] = {
    "broker": _queues,
    "outboxes": _outboxes,
    "syncs": _syncs,
    "pending": _pending,
}
