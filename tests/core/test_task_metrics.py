"""What Prometheus learns of tasks, queues and what waits."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone
from prometheus_client import REGISTRY

from accounts.models import WebhookDelivery, WebhookEndpoint
from core import task_metrics
from core.tasks import sweep_pending
from core.tenancy import tenant_scope
from tests.people import Team

pytestmark = pytest.mark.django_db


def figure(text: str, name: str) -> float:
    """The value of one series, named with its labels."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not told"
    return float(found[1])


@pytest.fixture
def told(client):
    return lambda: client.get("/metrics").content.decode()


class TestStatements:
    def test_of_requests_are_counted_by_route(self, team: Team, told):
        def seen():
            return REGISTRY.get_sample_value("crm_sql_statements_total", {"route": route}) or 0

        route = "api/v1/users"
        before = seen()
        team.ada.get("/api/v1/users")
        assert seen() > before
        assert figure(told(), f'crm_sql_seconds_total{{route="{route}"}}') > 0

    def test_are_none_where_none_was_made(self, client, told):
        client.get("/healthz")
        assert 'crm_sql_statements_total{route="healthz"}' not in told()


class TestTasks:
    def test_are_timed_with_how_they_ended(self, told):
        labels = {"task": sweep_pending.name, "outcome": "SUCCESS"}
        before = REGISTRY.get_sample_value("crm_task_seconds_count", labels) or 0
        sweep_pending.apply()
        assert REGISTRY.get_sample_value("crm_task_seconds_count", labels) == before + 1

    def test_carry_when_they_were_woken_for_the_first_time(self):
        headers: dict[str, float] = {}
        task_metrics.stamp(headers=headers)
        first = dict(headers)
        task_metrics.stamp(headers=headers)
        assert headers == first

    def test_that_waited_say_how_long(self):
        labels = {"task": sweep_pending.name}
        before = REGISTRY.get_sample_value("crm_task_wait_seconds_sum", labels) or 0
        an_hour_ago = timezone.now().timestamp() - 3600
        sweep_pending.apply(headers={task_metrics.WOKEN: an_hour_ago})
        waited = (REGISTRY.get_sample_value("crm_task_wait_seconds_sum", labels) or 0) - before
        assert 3600 <= waited < 3700


class TestWhatWaits:
    @pytest.fixture
    def queue(self):
        """A queue of this test's own in the broker that all processes of a run share."""
        conf, name = current_app.conf, f"test-{uuid4()}"
        usual, conf.task_default_queue, conf.task_always_eager = (
            conf.task_default_queue,
            name,
            False,
        )
        yield name
        conf.task_default_queue, conf.task_always_eager = usual, True
        with current_app.connection_for_write() as broker:
            broker.default_channel.client.delete(name)

    def test_in_the_broker_is_told_with_its_age(self, queue, told):
        woken = {task_metrics.WOKEN: timezone.now().timestamp() - 90}
        sweep_pending.apply_async(headers=woken, queue=queue)
        sweep_pending.apply_async(queue=queue)
        text = told()
        assert figure(text, f'crm_queue_messages{{queue="{queue}"}}') == 2
        assert figure(text, f'crm_queue_lag_seconds{{queue="{queue}"}}') >= 90

    def test_an_empty_queue_has_no_age(self, queue, told):
        assert figure(told(), f'crm_queue_lag_seconds{{queue="{queue}"}}') == 0

    def test_in_outboxes_is_told_with_how_late_it_is(self, team: Team, told):
        kind = "accounts.webhookdelivery"
        assert figure(told(), f'crm_outbox_due{{kind="{kind}"}}') == 0
        with tenant_scope(team.tenant.pk):
            due_at = timezone.now() - timedelta(minutes=8)
            hook = WebhookEndpoint.objects.create(url="https://acme.test/", events=["deal.created"])
            WebhookDelivery.objects.create(
                endpoint=hook, event="deal.created", object_id=1, data={}, due_at=due_at
            )
        text = told()
        assert figure(text, f'crm_outbox_due{{kind="{kind}"}}') == 1
        assert figure(text, f'crm_outbox_late_seconds{{kind="{kind}"}}') >= 420

    def test_for_a_sync_is_told(self, team: Team, told):
        assert figure(told(), "crm_sync_lag_seconds") >= 0

    def test_for_a_worker_is_told_by_task(self, team: Team, told):
        assert 'crm_pending_work{task="webhooks.deliver' in told()

    def test_a_database_that_is_down_leaves_the_rest(self, client, told):
        def refuse(*args):
            raise RuntimeError("the server is gone")

        with connection.execute_wrapper(refuse):
            text = told()
        assert figure(text, 'crm_up{source="outboxes"}') == 0
        assert figure(text, 'crm_up{source="broker"}') == 1
        assert "crm_request_seconds" in text
