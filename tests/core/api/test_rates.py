"""What a user, a tenant and an address may ask for in a minute."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from core.api import rates
from core.tenancy import across_tenants
from prospects.contacts.models import Contact
from tests.staff import signed_in

ASKED = "/api/v1/auth/me"
NOON = "2026-03-15T12:00:10Z"
NOBODY_THERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _minute(monkeypatch, time_machine, settings):
    """One begins, nobody has asked for anything, and one request is counted at a time."""
    monkeypatch.setattr(rates, "_counted", rates._Counted())
    monkeypatch.setattr(rates.throttling, "BEGIN", 0.0)
    time_machine.move_to(NOON, tick=False)
    settings.CRM_USER_REQUESTS_PER_MINUTE = 5
    settings.CRM_TENANT_REQUESTS_PER_MINUTE = 100
    settings.CRM_ADDRESS_REQUESTS_PER_MINUTE = 100


@pytest.fixture
def stranger():
    """Somebody with a token that is none."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer guessed")
    return client


def told(answer):
    """Limit, remaining and reset."""
    return tuple(int(answer[name]) for name in rates.throttling.NAMES)


class TestUser:
    def test_is_told_what_is_left_and_refused_when_nothing_is(self, team):
        answers = [team.alice.get(ASKED) for _ in range(6)]
        assert [each.status_code for each in answers] == [200] * 5 + [429]
        assert [told(each) for each in answers] == [
            *((5, left, 50) for left in (4, 3, 2, 1, 0)),
            (5, 0, 50),
        ]
        assert answers[-1]["Retry-After"] == "50"
        assert set(answers[-1].json()) == {"message"}
        crm = team.alice.get("/prospects/1")
        assert crm.status_code == 429
        assert crm.json()["statusCode"] == 429

    def test_does_not_pay_for_colleagues(self, team):
        for _ in range(6):
            team.alice.get(ASKED)
        assert team.bob.get(ASKED).status_code == 200

    def test_has_all_of_it_again_with_the_minute(self, team, time_machine):
        for _ in range(6):
            team.alice.get(ASKED)
        time_machine.move_to("2026-03-15T12:01:00Z", tick=False)
        assert told(team.alice.get(ASKED)) == (5, 4, 60)

    def test_is_counted_in_the_back_office_too(self, team):
        page = signed_in(team.mona.user)
        answers = [page.get("/admin/accounts/user/profile/") for _ in range(6)]
        assert answers[0].status_code == 200
        assert answers[-1].status_code == 429
        assert answers[-1]["Retry-After"] == "50"
        assert "text/html" in answers[-1]["Content-Type"]
        assert team.mona.get(ASKED).status_code == 429

    def test_changes_nothing_when_refused(self, team):
        for _ in range(5):
            team.alice.get(ASKED)
        assert team.alice.post("/api/v1/contacts", {"first_name": "Late"}).status_code == 429
        with across_tenants():
            assert not Contact.objects.filter(first_name="Late").exists()


class TestTenant:
    def test_shares_a_limit(self, team, rivals, settings):
        settings.CRM_TENANT_REQUESTS_PER_MINUTE = 4
        asked = [who.get(ASKED).status_code for who in (team.alice, team.bob) * 3]
        assert asked == [200] * 4 + [429] * 2
        assert rivals.alice.get(ASKED).status_code == 200


class TestAddress:
    def test_shares_a_limit_whoever_asks(self, team, rivals, settings):
        settings.CRM_ADDRESS_REQUESTS_PER_MINUTE = 3
        here, there = {"REMOTE_ADDR": "10.0.0.1"}, {"REMOTE_ADDR": "10.0.0.2"}
        asked = [who.get(ASKED, **here).status_code for who in (team.alice, rivals.alice) * 2]
        assert asked == [200] * 3 + [429]
        assert team.alice.get(ASKED, **there).status_code == 200

    def test_is_counted_with_tokens_that_are_not_valid(self, db, stranger, settings):
        settings.CRM_ADDRESS_REQUESTS_PER_MINUTE = 3
        asked = [stranger.get(ASKED).status_code for _ in range(4)]
        assert asked == [401] * 3 + [429]


class TestCounting:
    def test_asks_the_cache_once_for_all_limits_and_many_requests(
        self, team, settings, monkeypatch
    ):
        for name in ("USER", "TENANT", "ADDRESS"):
            setattr(settings, f"CRM_{name}_REQUESTS_PER_MINUTE", 600)
        asked = []
        count = rates.throttling.count
        monkeypatch.setattr(
            rates.throttling, "count", lambda found: (asked.append(found), count(found))[1]
        )
        left = [told(team.alice.get(ASKED))[1] for _ in range(20)]
        assert [len(each) for each in asked] == [3, 3]
        assert left == list(range(599, 579, -1))

    def test_of_two_processes_lets_no_more_pass_than_the_limit(self, team, monkeypatch):
        passed = 0
        for _process in range(3):
            monkeypatch.setattr(rates, "_counted", rates._Counted())
            passed += sum(team.alice.get(ASKED).status_code == 200 for _ in range(4))
        assert passed == 5

    def test_can_be_switched_off(self, team, settings):
        for name in ("USER", "TENANT", "ADDRESS"):
            setattr(settings, f"CRM_{name}_REQUESTS_PER_MINUTE", 0)
        answers = [team.alice.get(ASKED) for _ in range(8)]
        assert {each.status_code for each in answers} == {200}
        assert "RateLimit-Limit" not in answers[0]

    def test_keeps_nobody_out_while_the_cache_is_down(self, team, settings, caplog):
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOBODY_THERE}}
        assert {team.alice.get(ASKED).status_code for _ in range(8)} == {200}
        assert caplog.text.count("the cache does not answer") == 1
