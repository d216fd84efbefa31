"""What goes wrong while leads are synced; the next run repairs it, as the second opinion proves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from analytics.leads.clock import LONG_AGO, Moment
from analytics.leads.recount import find_wrong_leads
from analytics.leads.services import forget_old_runs, sync_leads
from analytics.models import Lead, SyncLog
from clients.models import Company
from core.tenancy import tenant_scope
from prospects.models import Prospect
from tests.analytics.operations_of import company, shipment
from tests.analytics.sessions_of import somebody_else
from tests.prospects.cards_of import card

NOW = timezone.now()


class TestMoment:
    @pytest.fixture(autouse=True)
    def overlap(self, settings):
        settings.CRM_ANALYTICS_OVERLAP_SECONDS = 120

    def test_is_two_minutes_before_the_start(self):
        moment = Moment(NOW, None, False)
        assert moment.watermark(None) == NOW - timedelta(minutes=2)

    def test_is_before_the_oldest_transaction(self):
        opened = NOW - timedelta(minutes=10)
        assert Moment(NOW, opened, False).watermark(None) == opened - timedelta(minutes=2)

    def test_stays_while_somebody_writes_whose_start_nobody_knows(self):
        previous = SyncLog(watermark=NOW - timedelta(hours=1))
        moment = Moment(NOW, None, True)
        assert moment.watermark(previous) == previous.watermark
        assert moment.watermark(None) == LONG_AGO


@pytest.mark.usefixtures("in_tenant", "no_round")
class TestClockPutBack:
    def test_is_noticed_and_everything_looked_at(self, team, synced):
        card(team)
        synced()
        ahead = timezone.now() + timedelta(hours=1)
        SyncLog.objects.update(started_at=ahead, watermark=ahead)
        Prospect.objects.update(monthly_shipments=9)
        assert synced().is_full
        assert not synced().is_full


@pytest.mark.usefixtures("in_tenant")
class TestSecondSync:
    def test_does_nothing_while_one_is_at_work(self, team):
        card(team)
        with somebody_else() as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", [0x4C454144, team.tenant.pk])
            assert sync_leads() is None
            # Not left to the end of the connection: that is noticed a moment later.
            other.execute("SELECT pg_advisory_unlock(%s, %s)", [0x4C454144, team.tenant.pk])
        assert not SyncLog.objects.exists()
        assert sync_leads().status == "finished"

    def test_of_another_tenant_is_not_kept_waiting(self, rivals):
        with somebody_else() as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", [0x4C454144, rivals.tenant.pk])
            assert sync_leads().status == "finished"


@pytest.mark.django_db(transaction=True)
class TestWhileOthersWrite:
    @pytest.fixture(autouse=True)
    def acting(self, team, no_round):
        with tenant_scope(team.tenant.pk):
            yield

    def test_a_transaction_that_commits_old_changes_is_not_missed(self, team, synced):
        """The change is stamped before a run begins and committed after it has ended."""
        card(team)
        synced()
        with somebody_else(autocommit=False) as other:
            other.execute("UPDATE prospects_prospect SET monthly_shipments = 77")
            for _ in range(3):
                assert synced().written_count == 0
        assert synced().written_count == 1

    def test_a_card_deleted_for_good_in_between_leaves_no_lead(self, team, settings):
        settings.CRM_ANALYTICS_FULL_CHUNK = 2
        cards = [card(team, company_name=f"C{number}").pk for number in range(6)]

        def delete(done):
            with somebody_else() as other:
                for table, column in (("contact", "prospect_id"), ("prospect", "id")):
                    statement = f"DELETE FROM prospects_{table} WHERE {column} = ANY(%s)"
                    other.execute(statement, [[cards[0], cards[5]]])

        sync_leads(on_progress=delete)
        sync_leads()
        assert list(find_wrong_leads()) == []
        assert Lead.objects.count() == 4

    def test_a_company_that_moves_to_another_card_in_between_has_one_lead(self, team, settings):
        """The first run only inserts: what stands in the way by then is changed instead."""
        settings.CRM_ANALYTICS_FULL_CHUNK = 2
        client = company(team)
        others = [card(team, company_name=f"C{number}") for number in range(4)]

        def move(done):
            Company.objects.filter(pk=client.pk).update(prospect=others[-1])

        assert sync_leads(on_progress=move).status == "finished"
        assert Lead.objects.get(record_type=2).prospect_id == others[-1].pk
        sync_leads()
        assert list(find_wrong_leads()) == []

    def test_a_lead_deleted_in_between_comes_back(self, team, settings):
        settings.CRM_ANALYTICS_ROLLING = settings.CRM_ANALYTICS_FULL_CHUNK = 2
        for number in range(6):
            card(team, company_name=f"C{number}")
        sync_leads(on_progress=lambda done: Lead.objects.all()[:1].get().delete())
        for _ in range(3):
            sync_leads()
        assert list(find_wrong_leads()) == []

    def test_a_session_that_dies_leaves_the_watermark(self, team, settings, synced):
        """What a restart of the database does to those who are connected."""
        settings.CRM_ANALYTICS_CHUNK = 1
        for number in range(4):
            card(team, company_name=f"C{number}")
        before = synced()
        Prospect.objects.update(monthly_shipments=5)
        pid = connection.connection.info.backend_pid

        def die(done):
            if done == 2:
                with somebody_else() as other:
                    other.execute("SELECT pg_terminate_backend(%s)", [pid])

        with pytest.raises(DatabaseError):
            sync_leads(on_progress=die)
        connection.close()
        assert SyncLog.objects.latest_finished() == before
        assert synced().written_count == 2
        assert set(SyncLog.objects.values_list("status", flat=True)) == {"finished", "failed"}


@pytest.mark.usefixtures("in_tenant", "no_round")
class TestARunThatFails:
    def test_is_logged_and_changes_no_watermark(self, team, synced):
        client = company(team)
        before = synced()
        shipment(client)

        def fail(done):
            raise RuntimeError("out of paper")

        with pytest.raises(RuntimeError):
            sync_leads(on_progress=fail)
        failed = SyncLog.objects.latest("pk")
        assert (failed.status, failed.error) == ("failed", "RuntimeError: out of paper")
        assert SyncLog.objects.latest_finished() == before
        synced()

    def test_out_of_time_is_stopped(self, team, synced):
        company(team)
        log = sync_leads(deadline=0.0)
        assert log.status == "stopped"
        assert SyncLog.objects.latest_finished() is None
        assert synced().is_full


@pytest.mark.usefixtures("in_tenant")
class TestOldRuns:
    def test_are_forgotten_but_for_the_latest_that_finished(self):
        for _ in range(3):
            latest = sync_leads()
        SyncLog.objects.update(started_at=NOW - timedelta(days=31))
        assert forget_old_runs() == 2
        assert SyncLog.objects.get() == latest
