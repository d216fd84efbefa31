from __future__ import annotations

from datetime import datetime

import pytest
from django.contrib.auth.hashers import make_password

from accounts.sessions.models import Session
from accounts.users.models import User
from core.tenancy import across_tenants, tenant_scope
from tests.people import PASSWORD, Person

LOGIN = "/api/v1/auth/login"
WRONG = {"message": "The email or the password is wrong."}


class TestLogin:
    def test_answers_tokens_user_and_tenant(self, post, team):
        answer = post("login", email="alice@acme.test", password=PASSWORD)
        assert answer.status_code == 200
        body = answer.json()
        assert set(body) == {"token", "refresh_token", "expires_at", "user", "tenant"}
        assert body["user"] == {
            "id": team.alice.id,
            "name": "Alice Sales",
            "email": "alice@acme.test",
            "role": "sales",
            "avatar_url": None,
        }
        assert body["tenant"] == {
            "id": team.tenant.pk,
            "name": team.tenant.name,
            "slug": team.tenant.slug,
        }

    def test_tells_when_the_token_expires_as_the_sales_api_writes_moments(self, post, team):
        answer = post("login", email="alice@acme.test", password=PASSWORD)
        assert datetime.strptime(answer.json()["expires_at"], "%Y-%m-%dT%H:%M:%S.%f%z")

    @pytest.mark.parametrize("email", ["ALICE@ACME.test", "  alice@acme.test ", "Alice@Acme.Test"])
    def test_takes_the_email_in_any_case(self, post, team, email):
        assert post("login", email=email, password=PASSWORD).status_code == 200

    def test_takes_a_password_with_spaces_at_its_ends(self, post, team):
        with tenant_scope(team.tenant.pk):
            team.alice.user.set_password("  spaces at both ends  ")
            team.alice.user.save()
        answer = post("login", email="alice@acme.test", password="  spaces at both ends  ")
        assert answer.status_code == 200

    def test_remembers_the_device(self, stranger, team):
        stranger.post(
            LOGIN,
            {"email": "alice@acme.test", "password": PASSWORD},
            format="json",
            HTTP_USER_AGENT="Firefox " + "x" * 1000,
            REMOTE_ADDR="203.0.113.7",
        )
        with tenant_scope(team.tenant.pk):
            session = Session.objects.get(ip_address="203.0.113.7")
        assert session.user_id == team.alice.id
        assert session.user_agent.startswith("Firefox xxx")
        assert len(session.user_agent) == 300

    @pytest.mark.parametrize(
        "forwarded", ["unknown", "203.0.113.7:5123", "x" * 500, "fe80::1%eth0"]
    )
    def test_ignores_a_forwarded_address_that_is_none(self, stranger, settings, team, forwarded):
        settings.CRM_TRUSTED_PROXIES = 1
        answer = stranger.post(
            LOGIN,
            {"email": "alice@acme.test", "password": PASSWORD},
            format="json",
            HTTP_X_FORWARDED_FOR=forwarded,
        )
        assert answer.status_code == 200

    def test_ends_no_session_when_it_renews_an_outdated_hash(self, post, opens, team):
        outdated = make_password(PASSWORD, hasher="argon2")  # the tests' preferred one is another
        with across_tenants():
            User.objects.filter(pk=team.alice.id).update(password=outdated)
        open_before = Person(team.alice.user)
        assert post("login", email="alice@acme.test", password=PASSWORD).status_code == 200
        with across_tenants():
            assert User.objects.get(pk=team.alice.id).password != outdated
        assert opens(open_before.token)


class TestRefusedLogin:
    def test_says_the_same_for_a_wrong_password_and_an_unknown_user(self, post, team):
        wrong = post("login", email="alice@acme.test", password="not this one")
        unknown = post("login", email="nobody@acme.test", password=PASSWORD)
        assert (wrong.status_code, wrong.json()) == (401, WRONG)
        assert (unknown.status_code, unknown.json()) == (401, WRONG)

    def test_keeps_out_the_deactivated(self, post, team):
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.alice.id).update(is_active=False)
        answer = post("login", email="alice@acme.test", password=PASSWORD)
        assert (answer.status_code, answer.json()) == (401, WRONG)

    def test_keeps_out_the_people_of_a_deactivated_tenant(self, post, team):
        team.tenant.is_active = False
        team.tenant.save()
        answer = post("login", email="alice@acme.test", password=PASSWORD)
        assert (answer.status_code, answer.json()) == (401, WRONG)

    def test_keeps_out_operators(self, post, db):
        with across_tenants():
            User.objects.create_superuser("ops@example.test", PASSWORD, name="Ops")
        answer = post("login", email="ops@example.test", password=PASSWORD)
        assert (answer.status_code, answer.json()) == (401, WRONG)

    def test_keeps_out_who_has_no_password_yet(self, post, team):
        with tenant_scope(team.tenant.pk):
            team.alice.user.set_unusable_password()
            team.alice.user.save()
        for password in ("!", team.alice.user.password):
            answer = post("login", email="alice@acme.test", password=password)
            assert answer.status_code == 401


class TestLoginInput:
    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, {"email", "password"}),
            ({"email": "alice@acme.test"}, {"password"}),
            ({"email": None, "password": None}, {"email", "password"}),
            ({"email": "", "password": ""}, {"email", "password"}),
            ({"email": ["a"], "password": {"b": 1}}, {"email", "password"}),
            ({"email": True, "password": "x"}, {"email"}),
            ({"email": "a\x00b@acme.test", "password": "x"}, {"email"}),
            ({"email": "a@acme.test", "password": "x\x00"}, {"password"}),
            ({"email": "a" * 10_000, "password": "x"}, {"email"}),
            ({"email": "a@acme.test", "password": "x" * 10_000}, {"password"}),
        ],
    )
    def test_names_the_fields_that_are_wrong(self, post, team, body, fields):
        answer = post("login", **body)
        assert answer.status_code == 422
        assert set(answer.json()) == {"message", "errors"}
        assert set(answer.json()["errors"]) == fields

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"email=alice",
            b"[]",
            b'["alice@acme.test"]',
            b'"text"',
            b"null",
            b"17",
            b'{"email": "alice@acme.test", "password": ',
            b'{"email": "\\ud800", "password": "x"}',
            b'{"email": "\xed\xa0\x80", "password": "x"}',
            b"\xff\xfe\x00",
            b"[" * 100_000,
        ],
    )
    @pytest.mark.parametrize(
        "content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""]
    )
    def test_refuses_what_is_no_json_object(self, stranger, db, raw, content_type):
        answer = stranger.generic("POST", LOGIN, raw, content_type=content_type)
        assert answer.status_code == 422
        assert answer.json()["message"]

    def test_reads_a_number_as_text_nobody_signs_in_with(self, post, db):
        assert post("login", email=12, password=34).status_code == 401

    def test_refuses_other_methods(self, stranger, db):
        answer = stranger.get(LOGIN)
        assert answer.status_code == 405
        assert set(answer.json()) == {"message"}
