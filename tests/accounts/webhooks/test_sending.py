"""Deliveries reach an endpoint once and signed, are tried again, and are given up in the end."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.webhooks import client
from accounts.webhooks.outbox import emit
from accounts.webhooks.sending import EndpointInactive, forget_old, replay, send_due
from accounts.webhooks.services import create_endpoint, edit_endpoint, renew_secret
from core.tasks import sweep_pending
from core.tenancy import tenant_scope
from tests.accounts.notifications.told import told
from tests.accounts.webhooks.receiver import closes, drips, floods, hangs, says

NOW = timedelta(0)
DAY = timedelta(days=1)


@pytest.fixture
def endpoint(in_tenant, receiver):
    """An endpoint of acme's that wants to know of contacts."""
    return create_endpoint(url=receiver.url, events=["contact.created"])


def happens(*ids):
    emit({"contact.created": lambda: [{"id": pk, "name": "Ana"} for pk in ids or (1,)]})


def send(endpoint, *, later=NOW, most=10):
    return send_due(endpoint_id=endpoint.pk, at=timezone.now() + later, most=most)


def delivery():
    return WebhookDelivery.objects.get()


class TestDelivery:
    def test_is_made_when_the_change_has_committed(
        self, in_tenant, endpoint, receiver, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            in_tenant.alice.post("/api/v1/contacts", {"first_name": "Ana"})
            assert receiver.sent == []
        (sent,) = receiver.sent
        assert sent.message["type"] == "contact.created"
        assert sent.message["timestamp"].endswith("Z")
        assert sent.message["data"]["first_name"] == "Ana"
        assert sent.path == "/hooks?from=crm"
        assert delivery().status == "sent"

    def test_is_signed_over_id_time_and_body(self, endpoint, receiver):
        happens()
        send(endpoint)
        (sent,) = receiver.sent
        assert sent.is_signed_with(endpoint.secret)
        assert abs(int(sent.headers["webhook-timestamp"]) - time.time()) < 60
        sent.body += b" "
        assert not sent.is_signed_with(endpoint.secret)

    def test_is_checked_as_the_readme_says(self, endpoint, receiver):
        readme = (Path(__file__).parents[3] / "README.md").read_text()
        (sample,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
        names: dict = {}
        exec(sample, names)  # what receivers are told to write
        is_genuine = names["is_genuine"]
        happens()
        send(endpoint)
        (sent,) = receiver.sent
        assert is_genuine(endpoint.secret, sent.headers, sent.body)
        assert not is_genuine(client.new_secret(), sent.headers, sent.body)
        assert not is_genuine(endpoint.secret, sent.headers, sent.body + b" ")
        old = timezone.now() - timedelta(minutes=6)
        headers = {"message_id": "msg_1", "at": old, "body": sent.body}
        assert not is_genuine(
            endpoint.secret, client.signed_headers(endpoint.secret, **headers), sent.body
        )

    def test_is_signed_with_the_secret_of_the_moment(self, endpoint, receiver):
        happens()
        renewed = renew_secret(endpoint_id=endpoint.pk)
        send(endpoint)
        assert receiver.sent[0].is_signed_with(renewed.secret)
        assert not receiver.sent[0].is_signed_with(endpoint.secret)

    def test_is_made_once(self, endpoint, receiver):
        happens(1, 2)
        assert [send(endpoint), send(endpoint)] == [2, 0]
        assert len({sent.headers["webhook-id"] for sent in receiver.sent}) == 2

    def test_that_was_not_woken_is_found_by_the_sweep(
        self, in_tenant, endpoint, receiver, django_capture_on_commit_callbacks
    ):
        happens()
        with django_capture_on_commit_callbacks(execute=True):
            sweep_pending()
        assert delivery().status == "sent"

    def test_of_an_endpoint_switched_off_waits(self, endpoint, receiver):
        happens()
        edit_endpoint(endpoint_id=endpoint.pk, is_active=False)
        assert send(endpoint) == 0
        edit_endpoint(endpoint_id=endpoint.pk, is_active=True)
        assert send(endpoint) == 1

    def test_keeps_the_beginning_of_the_answer(self, endpoint, receiver):
        receiver.answers = [says(200, b"a\x00b" + b"c" * 5000)]
        happens()
        send(endpoint)
        assert delivery().answer == "ab" + "c" * 1998


class TestFailure:
    @pytest.mark.parametrize(
        ("answer", "status"),
        [
            (says(500), 500),
            (says(404), 404),
            (says(302, Location="http://127.0.0.1:1/elsewhere"), 302),
            (closes, None),
            (hangs, None),
            (drips, None),
        ],
    )
    def test_is_tried_again_with_the_same_id(self, endpoint, receiver, monkeypatch, answer, status):
        monkeypatch.setattr(client, "SECONDS", 0.5)
        receiver.answers = [answer, says(200)]
        happens()
        began = time.monotonic()
        assert send(endpoint) == 0
        assert time.monotonic() - began < 5
        failed = delivery()
        assert (failed.status, failed.answer_status) == ("pending", status)
        assert failed.answer
        assert send(endpoint) == 0  # it is not due yet
        assert send(endpoint, later=timedelta(minutes=2)) == 1
        first, second = receiver.sent
        assert first.headers["webhook-id"] == second.headers["webhook-id"]

    def test_of_an_answer_without_an_end_counts_by_its_status(
        self, endpoint, receiver, monkeypatch
    ):
        monkeypatch.setattr(client, "SECONDS", 2)
        receiver.answers = [floods]
        happens()
        assert send(endpoint) == 1
        assert len(delivery().answer) == 2000

    def test_stops_the_round(self, endpoint, receiver):
        """Whoever is down is not asked a hundred times."""
        receiver.answers = [says(503)]
        happens(1, 2, 3)
        send(endpoint)
        assert len(receiver.sent) == 1

    def test_does_not_keep_other_endpoints_waiting(self, in_tenant, endpoint, receiver):
        other = create_endpoint(url=receiver.url, events=["contact.created"])
        receiver.answers = [says(500), says(200)]
        happens()
        assert [send(endpoint), send(other)] == [0, 1]

    def test_waits_as_long_as_it_is_told_to(self, endpoint, receiver):
        receiver.answers = [says(429, Retry_After="7200")]
        happens()
        send(endpoint)
        assert delivery().due_at > timezone.now() + timedelta(minutes=115)

    def test_that_repeats_is_given_up(self, endpoint, receiver):
        receiver.answers = [says(500)]
        happens()
        WebhookDelivery.objects.update(attempts=19)
        send(endpoint)
        assert delivery().status == "failed"

    def test_of_three_days_disables_the_endpoint_and_tells_the_admins(
        self, in_tenant, endpoint, receiver
    ):
        receiver.answers = [says(500)]
        happens(1, 2)
        send(endpoint)
        WebhookEndpoint.objects.update(failing_since=timezone.now() - 3 * DAY)
        send(endpoint)
        assert not WebhookEndpoint.objects.get().is_active
        assert set(WebhookDelivery.objects.values_list("status", flat=True)) == {"failed"}
        ((kind, body, url),) = told(in_tenant.ada)
        assert (kind, url) == ("webhook_disabled", f"/webhooks/{endpoint.pk}")
        assert receiver.url in body
        assert told(in_tenant.mona) == []

    def test_is_forgiven_by_a_success(self, endpoint, receiver):
        receiver.answers = [says(500), says(200)]
        happens(1, 2)
        send(endpoint)
        assert WebhookEndpoint.objects.get().failing_since is not None
        send(endpoint)
        assert WebhookEndpoint.objects.get().failing_since is None

    def test_called_gone_disables_at_once(self, in_tenant, endpoint, receiver):
        receiver.answers = [says(410)]
        happens()
        send(endpoint)
        assert not WebhookEndpoint.objects.get().is_active
        assert len(told(in_tenant.ada)) == 1


class TestReplay:
    def test_sends_again_what_has_arrived(self, endpoint, receiver):
        happens()
        send(endpoint)
        assert replay(delivery_ids=[delivery().pk], at=timezone.now()) == 1
        send(endpoint)
        first, second = receiver.sent
        assert first.body == second.body
        assert first.headers["webhook-id"] == second.headers["webhook-id"]

    def test_of_an_inactive_endpoint_is_refused(self, endpoint, receiver):
        happens()
        edit_endpoint(endpoint_id=endpoint.pk, is_active=False)
        with pytest.raises(EndpointInactive):
            replay(delivery_ids=[delivery().pk], at=timezone.now())


class TestForgetting:
    def test_leaves_what_waits_and_what_is_young(self, endpoint, receiver):
        happens(1)
        send(endpoint)
        happens(2)
        at = timezone.now()
        assert forget_old(at=at + 29 * DAY) == 0
        assert forget_old(at=at + 31 * DAY) == 1
        assert delivery().object_id == 2


class TestTenants:
    def test_are_apart(self, in_tenant, rivals, receiver):
        with tenant_scope(rivals.tenant.pk):
            theirs = create_endpoint(url=receiver.url, events=["contact.created"])
        happens()
        assert send(theirs) == 0
        assert receiver.sent == []
