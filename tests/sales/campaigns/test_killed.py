"""Real workers, killed again and again in the middle of a campaign: nobody gets two, nobody is
skipped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.mass_mail.freezing import freeze_recipients
from sales.mass_mail.services import SEND_CAMPAIGN
from sales.models import Campaign, CampaignRecipient
from tests.people import Team
from tests.prospects.imports.workers import PATIENCE, a_worker, broker, celery, until
from tests.sales.campaigns.campaigns_of import due, time_passes, to_send
from tests.smtp import MailServer, running

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PEOPLE, KILLS = 5000, 5


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The mail server of the real workers, whose queue is empty."""
    settings.CACHES = {"default": configured.CACHES["default"] | {"LOCATION": broker()}}
    cache.clear()
    with running() as server:
        monkeypatch.setenv("CRM_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
        monkeypatch.setenv("CRM_EMAIL_HOST", "127.0.0.1")
        monkeypatch.setenv("CRM_EMAIL_PORT", str(server.port))
        yield server


def begin(team: Team) -> None:
    """A campaign that is being sent, of which no mail has left: in tests all would at once."""
    pk = to_send(team, *(f"c{number}@client.test" for number in range(PEOPLE)))
    with tenant_scope(team.tenant.pk):
        campaign = Campaign.objects.select_related("segment").get(pk=pk)
        assert freeze_recipients(campaign, at=timezone.now()) == PEOPLE
        campaign.status, campaign.started_at = "sending", timezone.now()
        campaign.save()


def sweep(team: Team) -> None:
    """What the sweep does each minute."""
    for ids in due(team):
        assert celery("call", SEND_CAMPAIGN, "--kwargs", json.dumps(ids)).wait(PATIENCE) == 0


def is_sent(team: Team) -> bool:
    with tenant_scope(team.tenant.pk):
        return bool(Campaign.objects.filter(status="sent").exists())


def counts(team: Team) -> Counter[str]:
    with tenant_scope(team.tenant.pk):
        return Counter(CampaignRecipient.objects.values_list("status", flat=True))


class TestWorkers:
    def test_killed_five_times_leave_nobody_out_and_mail_nobody_twice(
        self, team: Team, server: MailServer
    ) -> None:
        begin(team)
        for kill in range(1, KILLS + 1):
            time_passes(team, minutes=11)
            sweep(team)
            goal = PEOPLE * kill // (KILLS + 1)
            with ExitStack() as workers:  # at their end they get SIGKILL, both at once
                for _ in range(2):
                    workers.enter_context(a_worker())
                until(lambda goal=goal: len(server.taken) >= goal)
        time_passes(team, minutes=11)
        sweep(team)
        with ExitStack() as workers:
            for _ in range(2):
                workers.enter_context(a_worker())
            until(lambda: is_sent(team))
        got = Counter(letter["To"] for letter in server.taken)
        found = counts(team)
        assert set(got.values()) == {1}  # nobody got two
        assert set(found) <= {"sent", "unknown"}
        assert found["unknown"] <= 2 * KILLS  # one in flight of each worker
        assert found["sent"] + found["unknown"] == PEOPLE  # nobody was left out
        assert len(got) >= found["sent"]
