"""What a provider tells of mails that came back, signed by it, over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from typing import Any

import pytest
from anymail.exceptions import AnymailRecipientsRefused
from django.test import Client

from core.mail_answers import Verdict, verdict_on
from core.tenancy import tenant_scope
from sales.models import SuppressedAddress
from tests.accounts.webhooks.receiver import running, says
from tests.sales.campaigns.campaigns_of import rows, sent, shown, time_passes, work

KEY = "key-of-the-test"
DOOR = "/anymail/mailgun/tracking/"


@pytest.fixture
def mailgun(settings):
    settings.CRM_MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


def event(letter: Any, kind: str, *, key: str = KEY, **more: Any) -> Any:
    """What Mailgun posts about a mail."""
    timestamp, token = str(int(time.time())), "t" * 50
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": kind,
        "timestamp": time.time(),
        "id": "x",
        "recipient": letter.to[0],
        "message": {"headers": {"message-id": letter.extra_headers["Message-ID"].strip("<>")}},
        "user-variables": letter.metadata,
        **more,
    }
    signed = {"timestamp": timestamp, "token": token, "signature": signature}
    body = json.dumps({"signature": signed, "event-data": data})
    return Client(enforce_csrf_checks=True).post(DOOR, body, content_type="application/json")


def suppressed(team: Any) -> list[tuple[str, str]]:
    with tenant_scope(team.tenant.pk):
        return list(SuppressedAddress.objects.values_list("address", "reason"))


HARD = {
    "severity": "permanent",
    "reason": "bounce",
    "delivery-status": {"code": 550, "message": "5.1.1 nobody here"},
}


@pytest.mark.usefixtures("mailgun")
class TestEvent:
    def test_of_a_hard_bounce_suppresses_the_address(self, team):
        pk = sent(team, "maria@x.mx")
        for _ in range(2):
            assert event(work(team)[0], "failed", **HARD).status_code == 200
        assert suppressed(team) == [("maria@x.mx", "bounced")]
        assert shown(team.mona, pk)["delivery"]["bounced"] == 1
        assert "5.1.1 nobody here" in rows(team)[0].answer
        before = len(work(team))
        sent(team, "maria@x.mx", "b@x.mx")
        assert [letter.to for letter in work(team)[before:]] == [["b@x.mx"]]

    def test_of_a_full_mailbox_suppresses_nobody(self, team):
        sent(team, "maria@x.mx")
        soft = {"severity": "temporary", "reason": "generic"}
        assert event(work(team)[0], "failed", **soft).status_code == 200
        assert suppressed(team) == []

    def test_of_a_complaint_suppresses_the_address(self, team):
        sent(team, "maria@x.mx")
        assert event(work(team)[0], "complained").status_code == 200
        assert suppressed(team) == [("maria@x.mx", "complained")]
        assert rows(team)[0].complained_at

    def test_knows_a_mail_by_its_own_id_too(self, team):
        sent(team, "maria@x.mx")
        letter = work(team)[0]
        letter.metadata = {}
        event(letter, "failed", **HARD)
        assert suppressed(team) == [("maria@x.mx", "bounced")]

    @pytest.mark.parametrize("token", ["1", "x", "67000001.sig", "", {"a": 1}])
    def test_of_a_mail_that_is_not_ours_changes_nothing(self, team, token):
        sent(team, "maria@x.mx")
        letter = work(team)[0]
        letter.metadata, letter.extra_headers["Message-ID"] = {"recipient": token}, "<x@y.mx>"
        assert event(letter, "failed", **HARD).status_code == 200
        assert suppressed(team) == []

    def test_that_the_provider_did_not_sign_is_refused(self, team):
        sent(team, "maria@x.mx")
        assert event(work(team)[0], "failed", key="wrong", **HARD).status_code == 400
        assert Client().post(DOOR, "{", content_type="application/json").status_code == 400
        assert suppressed(team) == []


ADDRESSES = [f"c{number}@x.mx" for number in range(5)]
TAKEN = says(200, b'{"id": "<1@acme.test>", "message": "Queued."}')


@pytest.fixture
def provider(settings):
    """A provider of our own: Mailgun's API, as far as we use it."""
    settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    with running() as provider:
        settings.ANYMAIL = {
            "MAILGUN_API_KEY": KEY,
            "MAILGUN_API_URL": f"http://127.0.0.1:{provider.port}/v3",
            "MAILGUN_SENDER_DOMAIN": "acme.test",
        }
        yield provider


class TestProvider:
    def test_that_is_not_reached_loses_nothing(self, team, settings):
        settings.EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings.ANYMAIL = {
            "MAILGUN_API_KEY": KEY,
            "MAILGUN_API_URL": f"http://127.0.0.1:{port}/v3",
            "MAILGUN_SENDER_DOMAIN": "acme.test",
        }
        pk = sent(team, *(f"c{number}@x.mx" for number in range(5)))
        assert {row.status for row in rows(team)} == {"queued"}
        assert shown(team.mona, pk)["problem"]

    @pytest.mark.parametrize("status", [401, 402, 403, 404, 429, 503])
    def test_that_wants_none_of_us_now_is_left_alone(self, team, provider, status):
        provider.answers = [says(status, b"no")]
        pk = sent(team, *ADDRESSES)
        assert len(provider.sent) == 1
        assert {(row.status, row.attempts) for row in rows(team)} == {("queued", 0)}
        assert str(status) in shown(team.mona, pk)["problem"]
        provider.answers = [TAKEN]
        time_passes(team, minutes=10)
        work(team)
        assert shown(team.mona, pk)["status"] == "sent"
        assert shown(team.mona, pk)["stats"]["failed"] == 0

    def test_that_wants_mails_more_slowly_gets_them_all(self, team, provider):
        slower = says(429, b"no", Retry_After="0")
        provider.answers = [TAKEN, TAKEN, slower, TAKEN, slower, TAKEN]
        pk = sent(team, *ADDRESSES)
        assert shown(team.mona, pk)["status"] == "sent"
        assert {row.attempts for row in rows(team)} == {1}

    def test_that_says_how_long_is_left_alone_so_long(self, team, provider):
        provider.answers = [says(429, b"no", Retry_After="900")]
        pk = sent(team, *ADDRESSES)
        provider.answers = [TAKEN]
        time_passes(team, minutes=14)
        work(team)
        assert len(provider.sent) == 1
        time_passes(team, minutes=2)
        work(team)
        assert shown(team.mona, pk)["status"] == "sent"

    def test_that_refuses_a_mail_for_what_is_in_it_is_not_asked_again(self, team, provider):
        provider.answers = [says(400, b"no such address"), TAKEN]
        sent(team, *ADDRESSES)
        assert sorted({row.status for row in rows(team)}) == ["failed", "sent"]
        assert len(provider.sent) == 5

    def test_that_refuses_a_recipient_has_refused_for_good(self):
        assert verdict_on(AnymailRecipientsRefused()) is Verdict.NEVER


class TestDoor:
    def test_is_open_to_the_provider_that_is_used_alone(self, team, settings):
        sent(team, "maria@x.mx")
        assert event(work(team)[0], "failed", **HARD).status_code == 404
        settings.CRM_MAIL_PROVIDER = "postmark"
        assert event(work(team)[0], "failed", **HARD).status_code == 404
        for path in ("/anymail/", "/anymail/postmark/x/", "/anymail/../admin/"):
            assert Client().post(path).status_code == 404
