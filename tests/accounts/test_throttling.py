from __future__ import annotations

import pytest
from django.test import Client

from core.api import throttling
from tests.people import PASSWORD

# A port of this machine that nothing listens on: it is kept for what may not be served.
NOBODY_THERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def sign_in(stranger):
    """Try to sign in from an address and return the answer."""

    def send(email: str = "alice@acme.test", password: str = "wrong", address: str = "10.0.0.1"):
        body = {"email": email, "password": password}
        return stranger.post("/api/v1/auth/login", body, format="json", REMOTE_ADDR=address)

    return send


@pytest.fixture(autouse=True)
def _minutes_of_the_clock(monkeypatch):
    """As they are in a running product."""
    monkeypatch.setattr(throttling, "BEGIN", 0.0)


@pytest.fixture
def tired(sign_in, team, time_machine):
    """Alice's address has used up its ten tries of this minute."""
    time_machine.move_to("2026-03-15T10:30:10Z", tick=False)
    assert [sign_in().status_code for _ in range(10)] == [401] * 10


@pytest.mark.usefixtures("tired")
class TestLoginThrottle:
    def test_refuses_the_eleventh_try_even_with_the_right_password(self, sign_in):
        answer = sign_in(password=PASSWORD)
        assert answer.status_code == 429
        assert set(answer.json()) == {"message"}
        assert int(answer["Retry-After"]) == 50

    def test_counts_spellings_of_one_account_together(self, sign_in):
        assert sign_in(email=" ALICE@acme.test ").status_code == 429

    def test_lets_the_account_in_from_elsewhere(self, sign_in):
        assert sign_in(password=PASSWORD, address="10.0.0.2").status_code == 200

    def test_lets_other_accounts_in_from_there(self, sign_in):
        assert sign_in(email="bob@acme.test", password=PASSWORD).status_code == 200

    def test_believes_no_address_that_the_caller_writes(self, stranger):
        body = {"email": "alice@acme.test", "password": PASSWORD}
        answer = stranger.post(
            "/api/v1/auth/login",
            body,
            format="json",
            REMOTE_ADDR="10.0.0.1",
            HTTP_X_FORWARDED_FOR="10.9.9.9",
        )
        assert answer.status_code == 429

    def test_forgets_with_the_minute(self, sign_in, time_machine):
        time_machine.move_to("2026-03-15T10:31:00Z", tick=False)
        assert sign_in(password=PASSWORD).status_code == 200


class TestManyAccountsOrAddresses:
    """Guessing from one address at everybody, or from everywhere at one account."""

    @pytest.fixture(autouse=True)
    def _minute(self, team, settings, time_machine):
        settings.CRM_LOGIN_TRIES_PER_MINUTE = 2
        time_machine.move_to("2026-03-15T10:30:10Z", tick=False)

    def in_browser(self, email, password="wrong", address="10.0.0.1"):
        form = {"username": email, "password": password}
        return Client().post("/admin/login/", form, REMOTE_ADDR=address)

    def test_from_one_address_are_limited_at_both_doors(self, sign_in):
        for number in range(20):
            assert sign_in(email=f"nobody{number}@acme.test").status_code == 401
        assert sign_in(email="bob@acme.test", password=PASSWORD).status_code == 429
        refused = self.in_browser("bob@acme.test", PASSWORD)
        assert (refused.status_code, refused["Retry-After"]) == (429, "50")
        assert self.in_browser("bob@acme.test", PASSWORD, "10.0.0.2").status_code == 302

    def test_at_one_account_are_limited_wherever_they_come_from(self, sign_in):
        for number in range(10):
            assert self.in_browser("bob@acme.test", address=f"10.0.1.{number}").status_code == 200
        assert self.in_browser("Bob@acme.test", PASSWORD).status_code == 429
        assert sign_in(email="bob@acme.test", password=PASSWORD).status_code == 429
        assert sign_in(email="alice@acme.test", password=PASSWORD).status_code == 200


class TestWithoutACache:
    @pytest.fixture(autouse=True)
    def _cache_is_down(self, settings):
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": NOBODY_THERE}}

    def test_people_still_sign_in(self, sign_in, team):
        assert [sign_in(password=PASSWORD).status_code for _ in range(12)] == [200] * 12


class TestRegisterThrottle:
    def test_limits_an_address(self, stranger, settings, db):
        settings.CRM_REGISTRATIONS_PER_MINUTE = 2
        statuses = [
            stranger.post("/api/v1/auth/register", {}, format="json", REMOTE_ADDR=address)
            for address in ["10.0.0.1"] * 3 + ["10.0.0.2"]
        ]
        assert [answer.status_code for answer in statuses] == [422, 422, 429, 422]
        assert int(statuses[2]["Retry-After"]) >= 1
