"""The real worker, killed while it speaks to the mail server: nothing goes out twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.mailing.services import SEND_MAILS
from sales.models import DocumentMail
from tests.people import Team
from tests.prospects.imports.workers import PATIENCE, a_worker, broker, celery, until
from tests.sales.sending.mails_of import delivery, kept, mailed, time_passes
from tests.smtp import HANG, MailServer, running

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The mail server of the real worker, whose queue is empty."""
    settings.CACHES = {"default": configured.CACHES["default"] | {"LOCATION": broker()}}
    cache.clear()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with running() as server:
        monkeypatch.setenv("CRM_EMAIL_BACKEND", backend)
        monkeypatch.setenv("CRM_EMAIL_HOST", "127.0.0.1")
        monkeypatch.setenv("CRM_EMAIL_PORT", str(server.port))
        yield server


def pending_offer(team: Team) -> dict[str, Any]:
    """A quote that waits to be mailed: in tests it would be sent as soon as it is asked for."""
    offer = mailed(team.mona, "quote")
    with tenant_scope(team.tenant.pk):
        asked = {"status": "pending", "attempts": 0, "sent_at": None, "token_hash": ""}
        DocumentMail.objects.update(**asked, due_at=timezone.now())
    return offer


def wake(team: Team) -> None:
    """What the sweep does for mails that nobody works on."""
    ids = json.dumps({"tenant_id": team.tenant.pk})
    assert celery("call", SEND_MAILS, "--kwargs", ids).wait(PATIENCE) == 0


def status_of(team: Team) -> str:
    return str(kept(team).status)


class TestWorker:
    def test_killed_before_the_mail_was_handed_over_sends_it_once(
        self, team: Team, server: MailServer
    ) -> None:
        pending_offer(team)
        server.does["connect"] = HANG
        wake(team)
        with a_worker():
            until(lambda: "connect" in server.reached)
        assert (status_of(team), server.taken) == ("pending", [])
        server.does.clear()
        time_passes(team, minutes=3)
        wake(team)
        with a_worker():
            until(lambda: status_of(team) == "sent")
        assert len(server.taken) == 1

    @pytest.mark.parametrize(("step", "taken"), [("MAIL", 0), ("end", 1)])
    def test_killed_in_the_middle_leaves_it_to_people(
        self, team: Team, server: MailServer, step: str, taken: int
    ) -> None:
        offer = pending_offer(team)
        server.does[step] = HANG
        wake(team)
        with a_worker():
            until(lambda: step in server.reached)
        assert status_of(team) == "in_flight"
        server.does.clear()
        time_passes(team, minutes=11)
        wake(team)
        with a_worker():
            until(lambda: status_of(team) == "unclear")
        time_passes(team, days=1)
        assert len(server.taken) == taken
        assert delivery(team.mona, "quote", offer["id"])["status"] == "unclear"
