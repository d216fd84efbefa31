"""The real worker, killed while it speaks to the mail server: no invitation goes out twice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.invitations.services import SEND_MAILS
from sales.models import EventMail
from tests.people import Team
from tests.prospects.imports.workers import PATIENCE, a_worker, broker, celery, until
from tests.sales.events.events_of import add, event
from tests.sales.guests.mails_of import mails, time_passes
from tests.smtp import HANG, running

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def wake(team: Team) -> None:
    """What the sweep does for mails that nobody works on."""
    ids = json.dumps({"tenant_id": team.tenant.pk})
    assert celery("call", SEND_MAILS, "--kwargs", ids).wait(PATIENCE) == 0


def statuses(team: Team) -> list[str]:
    return sorted(status for _purpose, _address, status in mails(team))


class TestWorker:
    def test_killed_in_the_middle_skips_nobody_and_doubles_nobody(
        self, team: Team, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.CACHES = {"default": configured.CACHES["default"] | {"LOCATION": broker()}}
        cache.clear()
        pk = event(team.alice)["id"]
        for person in team.everybody.values():
            add(team.alice, pk, user_id=person.id)
        with tenant_scope(team.tenant.pk):  # in tests they are sent as soon as they are asked for
            EventMail.objects.update(status="pending", attempts=0, due_at=timezone.now())
        with running() as server:
            backend = "django.core.mail.backends.smtp.EmailBackend"
            monkeypatch.setenv("CRM_EMAIL_BACKEND", backend)
            monkeypatch.setenv("CRM_EMAIL_HOST", "127.0.0.1")
            monkeypatch.setenv("CRM_EMAIL_PORT", str(server.port))
            server.does["end"] = HANG
            wake(team)
            with a_worker():
                until(lambda: "end" in server.reached)
            assert statuses(team) == ["in_flight", *["pending"] * 4]
            server.does.clear()
            time_passes(team, minutes=11)
            wake(team)
            with a_worker():
                until(lambda: statuses(team) == [*["sent"] * 4, "unclear"])
            taken = [letter["To"] for letter in server.taken]
            assert sorted(taken) == sorted(each.user.email for each in team.everybody.values())
