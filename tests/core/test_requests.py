from __future__ import annotations

import json
import logging

import pytest
from django.test import RequestFactory

from core.middleware import door_of
from core.network import caller_of, client_address
from tests.logs import listening

ORIGIN = "https://app.example.com"


@pytest.fixture
def logged():
    with listening() as stream:
        yield stream


class TestRequestId:
    @pytest.mark.parametrize("sent", ["a", "x" * 64, "A-Za-z0-9._-"])
    def test_is_echoed(self, client, sent):
        assert client.get("/healthz", HTTP_X_REQUEST_ID=sent)["X-Request-ID"] == sent

    @pytest.mark.parametrize("sent", ["", "x" * 65, "a b", "a\nb", "ñ", "<script>", "a;b", "a\n"])
    def test_is_replaced_when_it_is_not_one(self, client, sent):
        given = client.get("/healthz", HTTP_X_REQUEST_ID=sent)["X-Request-ID"]
        assert given != sent
        assert len(given) == 32
        assert given.isalnum()

    def test_differs_from_request_to_request(self, client):
        assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]

    @pytest.mark.urls("tests.core.wiring")
    @pytest.mark.parametrize(
        "path", ["/crm/raise/fault", "/crm/raise/conflict", "/nothing", "/echo"]
    )
    def test_stands_in_every_answer(self, client, db, caplog, path):
        caplog.set_level(logging.CRITICAL)
        client.raise_request_exception = False
        assert client.get(path, HTTP_X_REQUEST_ID="mine")["X-Request-ID"] == "mine"

    @pytest.mark.urls("tests.core.wiring")
    def test_stands_in_the_log_with_user_and_tenant(self, team, logged):
        team.alice.client.raise_request_exception = False
        team.alice.get("/crm/sql/syntax", HTTP_X_REQUEST_ID="mine")
        lines = [json.loads(line) for line in logged.getvalue().splitlines()]
        faults = [line for line in lines if line["level"] == "error"]
        assert [(line["request_id"], line["user"], line["tenant"]) for line in faults] == [
            ("mine", team.alice.id, team.tenant.pk)
        ]


class TestDoor:
    @pytest.mark.parametrize(
        ("path", "door"),
        [
            ("/prospects", "crm-api"),
            ("/api/v1/users", "sales-api"),
            ("/admin/accounts/user/", "admin"),
        ],
    )
    def test_is_told_by_the_path(self, path, door):
        assert door_of(path) == door


class TestCors:
    @pytest.fixture(autouse=True)
    def _one_origin_is_allowed(self, settings):
        settings.CORS_ALLOWED_ORIGINS = [ORIGIN]

    def ask(self, client, origin, path="/api/v1/auth/me"):
        return client.options(path, HTTP_ORIGIN=origin, HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST")

    def test_lets_an_allowed_origin_ask(self, client):
        answer = self.ask(client, ORIGIN)
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == ORIGIN
        assert "authorization" in answer["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer

    def test_lets_an_allowed_origin_read_the_answer(self, client, db):
        answer = client.get("/api/v1/auth/me", HTTP_ORIGIN=ORIGIN)
        assert answer["Access-Control-Allow-Origin"] == ORIGIN
        assert "X-Request-ID" in answer["Access-Control-Expose-Headers"]
        assert "Retry-After" in answer["Access-Control-Expose-Headers"]

    @pytest.mark.parametrize(
        "origin",
        ["https://evil.example", "null", f"{ORIGIN}.evil.example", "http://app.example.com"],
    )
    def test_says_nothing_to_others(self, client, db, origin):
        for answer in (
            self.ask(client, origin),
            client.get("/api/v1/auth/me", HTTP_ORIGIN=origin),
        ):
            assert "Access-Control-Allow-Origin" not in answer

    def test_keeps_the_back_office_to_itself(self, client, db):
        assert "Access-Control-Allow-Origin" not in self.ask(client, ORIGIN, "/admin/login/")


class TestClientAddress:
    def address(self, settings, hops, forwarded, direct="10.0.0.1"):
        settings.CRM_TRUSTED_PROXIES = hops
        headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
        return client_address(RequestFactory().get("/", REMOTE_ADDR=direct, **headers))

    @pytest.mark.parametrize(
        ("hops", "forwarded", "address"),
        [
            (0, "1.1.1.1", "10.0.0.1"),
            (1, None, "10.0.0.1"),
            (1, "1.1.1.1", "1.1.1.1"),
            (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
            (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
            (2, "1.1.1.1", "10.0.0.1"),
            (1, "2001:db8::7", "2001:db8::7"),
            (1, "", "10.0.0.1"),
            (1, "unknown", "10.0.0.1"),
            (1, "1.1.1.1:443", "10.0.0.1"),
        ],
    )
    def test_is_the_one_the_nearest_trusted_proxy_saw(self, settings, hops, forwarded, address):
        assert self.address(settings, hops, forwarded) == address

    @pytest.mark.parametrize("direct", ["", "unix:", "fe80::1%eth0"])
    def test_is_none_in_particular_without_one(self, settings, direct):
        assert self.address(settings, 0, None, direct) == "0.0.0.0"


class TestCaller:
    @pytest.mark.parametrize(
        ("address", "caller"),
        [
            ("10.0.0.1", "10.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("unix:", "0.0.0.0"),
        ],
    )
    def test_of_ipv6_is_a_line_not_an_address(self, address, caller):
        assert caller_of(RequestFactory().get("/", REMOTE_ADDR=address)) == caller
