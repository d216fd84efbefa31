"""Who starts the sync: the scheduler outside, beat, people at the back office."""

from __future__ import annotations

import pytest
from celery import current_app
from django.urls import reverse
from rest_framework.test import APIClient

from analytics.leads import services as syncing
from analytics.models import Lead, Snapshot, SyncLog
from analytics.snapshots import services
from core.tenancy import across_tenants, tenant_scope
from tests.analytics.sessions_of import somebody_else
from tests.prospects.cards_of import card
from tests.staff import make_operator, messages_of, signed_in

PATH = "/crm/analytics/sync"
TOKEN = "cron-token-of-some-length"


@pytest.fixture
def cron(settings):
    settings.CRM_CRON_TOKEN = TOKEN
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    return client


def counts():
    with across_tenants():
        return Lead.objects.count(), Snapshot.objects.count()


class TestScheduler:
    def test_syncs_every_tenant_and_rebuilds_their_snapshots(self, cron, team, rivals):
        card(team)
        card(rivals)
        answer = cron.post(PATH)
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
        leads, snapshots = counts()
        assert leads == 2
        assert snapshots >= 6
        assert cron.post(PATH).json() == {"ok": True}

    def test_leaves_tenants_alone_that_are_not_active(self, cron, team):
        card(team)
        team.tenant.is_active = False
        team.tenant.save()
        assert cron.post(PATH).status_code == 200
        assert counts() == (0, 0)

    @pytest.mark.parametrize(
        "header",
        ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ñ"],
    )
    def test_needs_the_token(self, cron, db, header):
        cron.credentials(**({"HTTP_AUTHORIZATION": header} if header else {}))
        answer = cron.post(PATH)
        assert answer.status_code == 401
        assert answer.json()["statusCode"] == 401

    def test_is_not_an_admins_business(self, cron, team):
        assert team.ada.post(PATH).status_code == 401

    @pytest.mark.parametrize("header", ["", "Bearer ", "Bearer x"])
    def test_may_not_while_no_token_is_set(self, cron, db, settings, header):
        settings.CRM_CRON_TOKEN = ""
        cron.credentials(HTTP_AUTHORIZATION=header)
        assert cron.post(PATH).status_code == 401

    def test_hears_of_a_tenant_that_failed_and_the_others_are_done(
        self, cron, team, rivals, monkeypatch
    ):
        card(rivals)
        break_for(team, monkeypatch)
        answer = cron.post(PATH)
        assert answer.status_code == 500
        assert "paper" not in answer.content.decode()
        assert counts()[0] == 1

    def test_is_answered_while_another_sync_is_at_work(self, cron, team):
        card(team)
        with somebody_else() as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", [syncing._SYNC, team.tenant.pk])
            assert cron.post(PATH).json() == {"ok": True}
        assert counts()[0] == 0

    def test_hands_over_to_the_worker_what_takes_long(self, cron, team, rivals, monkeypatch):
        card(team)
        card(rivals)
        monkeypatch.setattr(services, "WEB_SECONDS", -1)
        assert cron.post(PATH).json() == {"ok": True}
        assert counts()[0] == 2  # the worker is eager here

    def test_stops_in_the_middle_and_the_worker_goes_on(self, cron, team, monkeypatch):
        card(team)
        real = syncing.sync_leads
        monkeypatch.setattr(services, "sync_leads", lambda deadline: real(deadline=0.0))
        assert cron.post(PATH).json() == {"ok": True}
        with across_tenants():
            runs = SyncLog.objects.order_by("pk").values_list("status", flat=True)
            assert list(runs) == ["stopped", "finished"]

    def test_may_only_post(self, cron, db):
        assert cron.get(PATH).status_code == 405


def break_for(team, monkeypatch):
    """The sync of one tenant fails."""
    real = syncing.look_at_clock

    def fail():
        if syncing.current_tenant() == team.tenant.pk:
            raise RuntimeError("out of paper")
        return real()

    monkeypatch.setattr(syncing, "look_at_clock", fail)


class TestBeat:
    def run(self):
        current_app.tasks["snapshots.refresh_all"].apply()

    def test_syncs_every_tenant_and_rebuilds_their_snapshots(self, team, rivals):
        card(team)
        card(rivals)
        self.run()
        self.run()
        leads, snapshots = counts()
        assert leads == 2
        assert snapshots >= 6

    def test_goes_on_after_a_tenant_that_failed(self, team, rivals, monkeypatch):
        card(rivals)
        break_for(team, monkeypatch)
        self.run()
        with tenant_scope(rivals.tenant.pk):
            assert Lead.objects.count() == 1
            assert Snapshot.objects.exists()

    def test_forgets_old_runs(self, team):
        self.run()
        self.run()
        with across_tenants():
            SyncLog.objects.update(started_at="2020-01-01T00:00:00Z")
            current_app.tasks["leads.forget_old_runs"].apply()
            assert SyncLog.objects.count() == 1


class TestBackOffice:
    LISTS = ("admin:analytics_synclog_changelist", "admin:analytics_snapshot_changelist")
    SYNC = "admin:analytics_synclog_sync_now"

    def test_asks_first_and_then_syncs(self, team):
        card(team)
        browser = signed_in(team.mona.user)
        assert browser.get(reverse(self.SYNC)).status_code == 200
        assert counts() == (0, 0)
        page = browser.post(reverse(self.SYNC), follow=True)
        assert page.status_code == 200
        assert messages_of(page)
        assert counts()[0] == 1
        for name in self.LISTS:
            assert browser.get(reverse(name)).status_code == 200

    def test_shows_a_run_and_a_snapshot_without_changing_them(self, team):
        browser = signed_in(team.mona.user)
        browser.post(reverse(self.SYNC))
        with tenant_scope(team.tenant.pk):
            rows = {"synclog": SyncLog.objects.get(), "snapshot": Snapshot.objects.first()}
        for name, row in rows.items():
            url = reverse(f"admin:analytics_{name}_change", args=[row.pk])
            assert browser.get(url).status_code == 200
            assert browser.post(url, {}).status_code == 403

    @pytest.mark.parametrize("who", ["alice", "victor"])
    def test_lets_those_look_who_may_not_sync(self, team, who):
        browser = signed_in(getattr(team, who).user)
        for name in self.LISTS:
            page = browser.get(reverse(name))
            assert page.status_code == 200
            assert "sync-now" not in page.content.decode()
        assert browser.post(reverse(self.SYNC)).status_code == 403

    def test_says_when_it_failed(self, team, monkeypatch):
        break_for(team, monkeypatch)
        page = signed_in(team.ada.user).post(reverse(self.SYNC), follow=True)
        assert len(messages_of(page)) > 5
        assert counts() == (0, 0)

    def test_tells_an_operator_to_choose_a_tenant(self, team):
        page = signed_in(make_operator()).post(reverse(self.SYNC), follow=True)
        assert page.status_code == 200
        assert counts() == (0, 0)

    def test_shows_no_runs_of_others(self, team, rivals):
        signed_in(rivals.mona.user).post(reverse(self.SYNC))
        page = signed_in(team.mona.user).get(reverse(self.LISTS[0]))
        assert page.context["cl"].result_count == 0
