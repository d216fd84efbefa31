from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from analytics.models import Lead, Snapshot, SyncLog
from tests.analytics.operations_of import company, shipment
from tests.prospects.cards_of import card

pytestmark = pytest.mark.usefixtures("everyone")


@pytest.fixture
def run(team):
    """Run a command; answers what it prints and what it complains about."""

    def run(name, *options):
        out, errors = io.StringIO(), io.StringIO()
        try:
            call_command(name, *options, stdout=out, stderr=errors)
        except CommandError as error:
            error.complaints = errors.getvalue()
            raise
        return out.getvalue()

    return run


@pytest.fixture
def rows(team, rivals):
    card(team)
    card(rivals)
    shipment(company(team))


class TestSync:
    def test_is_of_all_tenants(self, run, rows, team, rivals):
        out = run("sync_analytics")
        assert Lead.objects.count() == 3
        assert f"{team.tenant.slug}: all 2 leads looked at; 2 leads written, 0 deleted" in out
        assert rivals.tenant.slug in out
        assert "0 cards changed" not in run("sync_analytics")

    def test_may_be_of_one(self, run, rows, team):
        run("sync_analytics", "--tenant", team.tenant.slug)
        assert Lead.objects.count() == 2

    def test_may_look_at_everything_again(self, run, rows, team):
        run("sync_analytics")
        Lead.objects.update(tier=4)
        out = run("sync_analytics", "--full", "--tenant", team.tenant.slug)
        assert "all 2 leads looked at; 2 leads written" in out

    def test_may_change_nothing(self, run, rows):
        out = run("sync_analytics", "--dry-run")
        assert "2 leads written" in out
        assert "nothing was written: this was a dry run" in out
        assert not Lead.objects.exists()
        assert not SyncLog.objects.exists()


class TestSnapshots:
    def test_are_rebuilt(self, run, rows, team):
        run("sync_analytics")
        assert f"{team.tenant.slug}: " in run("rebuild_snapshots")
        assert Snapshot.objects.filter(tenant=team.tenant, preset="6m").exists()


class TestStatus:
    def test_says_how_fresh_it_is(self, run, rows, team):
        assert "never synced" in run("analytics_status")
        run("sync_analytics")
        run("rebuild_snapshots")
        out = run("analytics_status")
        for words in ("2 leads", "watermark", "lag", "finished", "fresh", "6m"):
            assert words in out

    def test_is_there_for_programs(self, run, rows, team):
        run("sync_analytics")
        run("rebuild_snapshots")
        found = json.loads(run("analytics_status", "--json", "--tenant", team.tenant.slug))
        status = found[team.tenant.slug]
        assert status["leads"] == 2
        assert status["lag_seconds"] >= 120
        assert status["runs"][0]["status"] == "finished"
        assert all(row["is_fresh"] for row in status["snapshots"])


class TestVerify:
    @pytest.fixture(autouse=True)
    def synced(self, run, rows):
        run("sync_analytics")

    def test_finds_nothing_where_nothing_is_wrong(self, run, team):
        assert f"{team.tenant.slug}: no difference." in run("verify_analytics")
        assert "no difference" in run("verify_analytics", "--sample", "1")

    def test_reports_each_difference_and_fails(self, run, team):
        Lead.objects.filter(tenant=team.tenant).update(monthly_shipments=5)
        with pytest.raises(CommandError) as raised:
            run("verify_analytics")
        assert raised.value.returncode == 1
        assert "monthly_shipments is 5 instead of None" in raised.value.complaints
        assert "all time.kpis.total_shipments.current is 10 instead of 0" in raised.value.complaints
        with pytest.raises(CommandError):
            run("verify_analytics", "--sample", "100", "--tenant", team.tenant.slug)

    def test_shows_some_of_many_and_all_if_asked(self, run, team, monkeypatch):
        monkeypatch.setattr("analytics.management.commands.verify_analytics.MOST_SHOWN", 3)
        Lead.objects.filter(tenant=team.tenant).update(monthly_shipments=5)
        with pytest.raises(CommandError, match="What has changed since") as raised:
            run("verify_analytics")
        number = int(str(raised.value).partition(" ")[0])
        *shown, rest = raised.value.complaints.splitlines()
        more = f"{team.tenant.slug}: and {number - 3} more (--all shows them)"
        assert (len(shown), rest) == (3, more)
        with pytest.raises(CommandError) as raised:
            run("verify_analytics", "--all")
        assert len(raised.value.complaints.splitlines()) == number

    def test_says_what_to_do_about_cards_that_are_newer_than_the_sync(self, run, team):
        card(team)
        with pytest.raises(CommandError, match="run sync_analytics right before"):
            run("verify_analytics")
        run("sync_analytics")
        assert "no difference" in run("verify_analytics")

    @pytest.mark.parametrize("number", ["0", "-1", "x"])
    def test_wants_a_number(self, run, number):
        with pytest.raises((CommandError, SystemExit)):
            run("verify_analytics", f"--sample={number}")


class TestMistake:
    @pytest.mark.parametrize(
        "name", ["sync_analytics", "rebuild_snapshots", "analytics_status", "verify_analytics"]
    )
    def test_in_the_tenant_is_said(self, run, name):
        with pytest.raises(CommandError, match="There is no tenant nobody"):
            run(name, "--tenant", "nobody")

    def test_in_one_tenant_does_not_stop_the_others(self, run, rows, team, monkeypatch):
        from analytics.leads import services

        real = services.look_at_clock

        def fail():
            if services.current_tenant() == team.tenant.pk:
                raise RuntimeError("out of paper")
            return real()

        monkeypatch.setattr(services, "look_at_clock", fail)
        with pytest.raises(CommandError) as raised:
            run("sync_analytics")
        assert raised.value.returncode == 1
        assert "RuntimeError: out of paper" in raised.value.complaints
        assert Lead.objects.count() == 1
