"""No secret of anybody's stands in the log, whatever people do and whatever breaks."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from accounts.webhooks import services
from core.log_secrets import hide_secrets
from core.tenancy import tenant_scope
from tests.accounts.passwords.letters import delivered, token_in
from tests.logs import listening
from tests.people import PASSWORD

WRONG = "a-wrong-password-of-somebody"


@pytest.fixture
def logged():
    with listening(least=logging.DEBUG) as stream:
        yield stream


def broken(*_args, **_kwargs):
    raise RuntimeError("a fault of ours")


class TestLog:
    def test_holds_no_password_token_or_key(self, team, logged):
        visitor = Client(raise_request_exception=False)
        secrets = {"password": PASSWORD, "wrong": WRONG, "session": team.alice.refresh}
        for password in (PASSWORD, WRONG):
            given = {"email": "alice@acme.test", "password": password}
            answer = visitor.post("/api/v1/auth/login", given, content_type="application/json")
            secrets |= {
                f"{name} after {password}": answer.json()[name]
                for name in ("token", "refresh_token")
                if answer.status_code == 200
            }
            visitor.post("/admin/login/", {"username": "alice@acme.test", "password": password})
        secrets["cookie"] = visitor.cookies["sessionid"].value
        visitor.post(
            "/api/v1/auth/refresh",
            {"refresh_token": team.alice.refresh},
            content_type="application/json",
        )
        visitor.post(
            "/api/v1/auth/forgot-password",
            {"email": "alice@acme.test"},
            content_type="application/json",
        )
        secrets["link"] = token_in(delivered()[-1])
        for path in (f"/account/reset/{secrets['link']}", f"/d/{secrets['link']}"):
            visitor.get(path)
        with tenant_scope(team.tenant.pk):
            endpoint = services.create_endpoint(url="https://hooks.test/", events=["deal.won"])
        secrets["webhook"] = endpoint.secret
        team.alice.get("/api/v1/contacts")
        told = logged.getvalue()
        assert "rejected" in told or "Unauthorized" in told  # something was logged at all
        assert [name for name, secret in secrets.items() if secret in told] == []

    def test_of_a_fault_does_not_tell_the_address_either(self, db, logged, monkeypatch):
        monkeypatch.setattr("sales.portal.pages.throttle", broken)
        visitor = Client(raise_request_exception=False)
        assert visitor.get("/d/a-token-that-only-its-reader-has").status_code == 500
        assert '"level": "error"' in logged.getvalue()
        assert "a-token-that-only" not in logged.getvalue()


class TestWitness:
    def test_tells_of_sign_ins_and_of_refusals_at_both_doors(self, team, logged):
        visitor = Client()
        for password in (PASSWORD, WRONG):
            given = {"email": "Alice@acme.test", "password": password}
            visitor.post("/api/v1/auth/login", given, content_type="application/json")
            visitor.post("/admin/login/", {"username": "alice@acme.test", "password": password})
        lines = [json.loads(line) for line in logged.getvalue().splitlines()]
        told = [each for each in lines if each["logger"] == "accounts.sessions.witness"]
        assert [(each["event"], each["door"]) for each in told] == [
            ("signed in", "api"),
            ("signed in", "admin"),
            ("sign-in refused", "api"),
            ("sign-in refused", "admin"),
        ]
        assert {each["address"] for each in told} == {"127.0.0.1"}
        assert {each["user"] for each in told[:2]} == {team.alice.id}
        assert len({each["account"] for each in told[2:]}) == 1
        assert "alice@acme.test" not in logged.getvalue().lower()


class TestHidden:
    @pytest.mark.parametrize(
        ("line", "shown"),
        [
            ("Not Found: /d/abcdefgh1234/pdf", "Not Found: /d/…"),
            ("/account/invitation/abcdefgh1234", "/account/invitation/…"),
            ("/m/c/abcdefgh:1234-x_y", "/m/c/…"),
            ("Authorization: Bearer abcdefgh1234", "Authorization: Bearer …"),
            ("secret whsec_abcdefgh+/12=", "secret whsec_…"),
            ("token eyJhbGciOiJI.eyJzdWIi.c2ln here", "token … here"),
            ("/deals/12345678 and /d/1", "/deals/12345678 and /d/1"),
        ],
    )
    def test_is_what_lets_somebody_in(self, line, shown):
        assert hide_secrets(None, "info", {"event": line, "user": 5}) == {"event": shown, "user": 5}
