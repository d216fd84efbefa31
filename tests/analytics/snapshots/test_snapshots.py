from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from analytics.dashboard.filters import Filters
from analytics.leads.services import sync_leads
from analytics.models import Snapshot, SyncLog
from analytics.snapshots import services
from analytics.snapshots.presets import presets
from analytics.snapshots.services import rebuild_snapshots, snapshot_key
from tests.prospects.cards_of import card

pytestmark = pytest.mark.usefixtures("in_tenant")
PATH = "/prospects/client-analytics"
SOURCE, COMPUTED = "X-Analytics-Source", "X-Analytics-Computed-At"


@pytest.fixture
def refresh(team):
    """Sync and rebuild, as the schedule does."""

    def refresh():
        sync_leads()
        return rebuild_snapshots(team.tenant, at=timezone.now())

    return refresh


def today(team):
    return timezone.now().astimezone(team.tenant.zone).date()


def last30(team):
    return {"startDate": str(today(team) - timedelta(days=30)), "endDate": str(today(team))}


class TestPresets:
    @pytest.mark.parametrize(
        ("day", "starts"),
        [
            (date(2026, 4, 17), (date(2026, 3, 18), date(2026, 4, 1), date(2026, 1, 17))),
            (date(2026, 5, 31), (date(2026, 5, 1), date(2026, 5, 1), date(2026, 2, 28))),
            (date(2026, 1, 1), (date(2025, 12, 2), date(2026, 1, 1), date(2025, 10, 1))),
        ],
    )
    def test_end_today(self, day, starts):
        found = dict(presets(day))
        assert list(found) == ["last30", "1m", "3m", "6m"]
        assert {filters.end for filters in found.values()} == {day}
        assert tuple(filters.start for filters in found.values())[:3] == starts

    def test_begin_six_months_ago_also_after_a_leap_day(self):
        assert dict(presets(date(2024, 8, 31)))["6m"].start == date(2024, 2, 29)

    def test_are_of_the_tenants_day(self, team, refresh):
        team.tenant.time_zone = "Pacific/Kiritimati"  # 14 hours ahead
        team.tenant.save()
        sync_leads()
        at = datetime.fromisoformat("2026-03-31T11:00:00+00:00")
        rebuild_snapshots(team.tenant, at=at)
        assert set(Snapshot.objects.values_list("end_date", flat=True)) == {date(2026, 4, 1)}


class TestKey:
    def test_is_the_md5_of_period_and_countries(self):
        filters = Filters(start=date(2026, 3, 18), end=date(2026, 4, 17))
        assert snapshot_key(filters) == hashlib.md5(b"2026-03-18|2026-04-17|").hexdigest()
        assert snapshot_key(Filters()) == hashlib.md5(b"||").hexdigest()

    def test_does_not_depend_on_how_countries_are_written(self, team, refresh):
        refresh()
        team.mona.get(PATH, {"localeIds": "3,1"})
        assert team.mona.get(PATH, {"localeIds": "1, 3,1"})[SOURCE] == "snapshot"


class TestAnswer:
    def test_of_a_preset_is_kept(self, team, refresh, django_assert_num_queries):
        card(team)
        assert refresh() in (3, 4)  # the first of a month may be thirty days ago
        with django_assert_num_queries(2):
            answer = team.mona.get(PATH, last30(team))
        assert answer[SOURCE] == "snapshot"
        assert answer.json()["kpis"]["total_leads"]["current"] == 1
        kept = Snapshot.objects.get(preset="last30")
        assert answer.content.decode() == kept.payload
        assert answer[COMPUTED] == f"{kept.computed_at:%Y-%m-%dT%H:%M:%SZ}"

    def test_of_any_period_is_kept_once_it_was_computed(self, team, refresh):
        refresh()
        query = {"startDate": "2026-01-01", "endDate": "2026-01-05", "localeIds": "1"}
        sources = [team.mona.get(PATH, query)[SOURCE] for _ in range(2)]
        assert sources == ["live", "snapshot"]
        assert team.mona.get(PATH)[SOURCE] == "live"
        assert team.mona.get(PATH)[SOURCE] == "snapshot"

    def test_is_the_same_live_and_kept(self, team, refresh):
        for number in range(5):
            card(team, company_name=f"C{number}", account_value=number, locale_id=1)
        refresh()
        live, kept = (team.mona.get(PATH) for _ in range(2))
        assert live.content == kept.content

    @pytest.mark.parametrize(
        "query", [{"salesman": "1"}, {"tier": "1"}, {"stage": "won"}, {"product": "x"}], ids=str
    )
    def test_to_a_finer_question_is_live(self, team, refresh, query):
        refresh()
        for _ in range(2):
            assert team.mona.get(PATH, query | last30(team))[SOURCE] == "live"

    def test_lasts_until_the_next_sync(self, team, refresh):
        refresh()
        team.mona.get(PATH)
        card(team)
        assert team.mona.get(PATH).json()["kpis"]["total_leads"]["current"] == 0
        sync_leads()
        answer = team.mona.get(PATH)
        assert answer[SOURCE] == "live"
        assert answer.json()["kpis"]["total_leads"]["current"] == 1

    def test_expires_when_nothing_syncs(self, team, refresh):
        refresh()
        Snapshot.objects.update(expires_at=timezone.now())
        assert team.mona.get(PATH, last30(team))[SOURCE] == "live"
        assert team.mona.get(PATH, last30(team))[SOURCE] == "snapshot"

    def test_does_not_outlive_the_tenants_day(self, team):
        at = datetime.fromisoformat("2026-03-16T05:58:00+00:00")  # 23:58 in Mexico City
        sync_leads()
        rebuild_snapshots(team.tenant, at=timezone.now())
        expires_at = services._expiry(team.tenant, at)
        assert expires_at == datetime.fromisoformat("2026-03-16T06:00:00+00:00")

    def test_before_the_first_sync_is_not_kept(self, team):
        assert [team.mona.get(PATH)[SOURCE] for _ in range(2)] == ["live", "live"]
        assert not Snapshot.objects.exists()

    def test_is_not_kept_without_end(self, team, refresh, monkeypatch):
        refresh()
        monkeypatch.setattr(services, "MOST_KEPT", Snapshot.objects.count())
        assert [team.mona.get(PATH)[SOURCE] for _ in range(2)] == ["live", "live"]

    def test_of_a_seller_is_theirs_and_live(self, team, refresh):
        card(team, owner=team.alice)
        refresh()
        team.mona.get(PATH)
        for person, leads in ((team.alice, 1), (team.bob, 0)):
            answer = person.get(PATH, last30(team))
            assert answer[SOURCE] == "live"
            assert answer.json()["kpis"]["total_leads"]["current"] == leads
        assert team.victor.get(PATH, last30(team))[SOURCE] == "snapshot"

    def test_is_never_another_tenants(self, team, rivals, refresh):
        card(team)
        refresh()
        answer = rivals.ada.get(PATH, last30(team))
        assert answer[SOURCE] == "live"
        assert answer.json()["kpis"]["total_leads"]["current"] == 0


class TestRebuilding:
    def test_drops_what_is_out_of_date(self, team, refresh):
        refresh()
        team.mona.get(PATH)
        refresh()
        latest = SyncLog.objects.latest_finished()
        assert set(Snapshot.objects.values_list("sync_id", flat=True)) == {latest.pk}
        assert not Snapshot.objects.filter(preset="").exists()

    def test_twice_at_once_does_no_harm(self, team, refresh):
        refresh()
        before = Snapshot.objects.count()
        rebuild_snapshots(team.tenant, at=timezone.now())
        assert Snapshot.objects.count() == before


class TestWhoHasTheAnswer:
    def test_is_not_sent_it_again_until_the_next_sync(
        self, team, refresh, django_assert_max_num_queries
    ):
        card(team)
        refresh()
        known = team.mona.get(PATH, last30(team))
        with django_assert_max_num_queries(2):  # who it is, and when it was computed
            answer = team.mona.get(PATH, last30(team), HTTP_IF_NONE_MATCH=known["ETag"])
        assert (answer.status_code, answer.content) == (304, b"")
        for other in (team.mona.get(PATH), team.ada.get(PATH, last30(team))):
            assert other["ETag"] != known["ETag"]
        card(team)
        refresh()
        answer = team.mona.get(PATH, last30(team), HTTP_IF_NONE_MATCH=known["ETag"])
        assert answer.status_code == 200
        assert answer.content != known.content

    def test_is_sent_it_when_it_is_too_old(self, team, refresh):
        refresh()
        known = team.mona.get(PATH, last30(team))["ETag"]
        Snapshot.objects.update(expires_at=timezone.now())
        assert team.mona.get(PATH, last30(team), HTTP_IF_NONE_MATCH=known).status_code == 200

    def test_has_no_name_where_none_is_kept(self, team, refresh):
        refresh()
        assert "ETag" not in team.alice.get(PATH, last30(team))
        assert "ETag" not in team.mona.get(PATH, {**last30(team), "tier": "1"})
