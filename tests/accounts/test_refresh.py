from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.sessions.models import Session
from core.tenancy import tenant_scope
from tests.people import make_team


class TestRefresh:
    def test_answers_as_login_does_with_a_token_that_works(self, post, opens, team):
        answer = post("refresh", refresh_token=team.alice.refresh)
        assert answer.status_code == 200
        body = answer.json()
        assert set(body) == {"token", "refresh_token", "expires_at", "user", "tenant"}
        assert body["user"]["id"] == team.alice.id
        assert body["tenant"]["id"] == team.tenant.pk
        assert opens(body["token"])

    def test_works_once_with_each_refresh_token(self, post, team):
        second = post("refresh", refresh_token=team.alice.refresh).json()["refresh_token"]
        assert post("refresh", refresh_token=team.alice.refresh).status_code == 401
        assert post("refresh", refresh_token=second).status_code == 200

    def test_stays_in_the_same_session(self, post, team):
        post("refresh", refresh_token=team.alice.refresh)
        with tenant_scope(team.tenant.pk):
            assert Session.objects.filter(user_id=team.alice.id).count() == 1

    def test_prolongs_the_session(self, post, team, time_machine):
        start = timezone.now()
        time_machine.move_to(start + timedelta(days=29))
        renewed = post("refresh", refresh_token=team.alice.refresh).json()["refresh_token"]
        time_machine.move_to(start + timedelta(days=58))
        assert post("refresh", refresh_token=renewed).status_code == 200

    def test_refuses_an_expired_token(self, post, team, time_machine):
        time_machine.move_to(timezone.now() + timedelta(days=31))
        answer = post("refresh", refresh_token=team.alice.refresh)
        assert answer.status_code == 401
        assert set(answer.json()) == {"message"}

    def test_refuses_an_access_token(self, post, team):
        assert post("refresh", refresh_token=team.alice.token).status_code == 401

    @pytest.mark.parametrize("raw", ["x", "a.b.c", "é.é.é", "..", "x" * 4000])
    def test_refuses_what_is_no_token(self, post, team, raw):
        assert post("refresh", refresh_token=raw).status_code == 401

    @pytest.mark.parametrize("raw", [None, "", 17, [], {}, "x" * 10_000, "a\x00b"])
    def test_names_a_field_that_is_no_text(self, post, team, raw):
        answer = post("refresh", refresh_token=raw)
        assert answer.status_code in (401, 422)
        assert answer.status_code == 401 if raw == 17 else answer.json()["errors"]

    @pytest.mark.parametrize("change", ["user", "tenant"])
    def test_refuses_who_was_deactivated(self, post, team, change):
        with tenant_scope(team.tenant.pk):
            row = team.alice.user if change == "user" else team.tenant
            row.is_active = False
            row.save()
        assert post("refresh", refresh_token=team.alice.refresh).status_code == 401


@pytest.mark.django_db(transaction=True)
class TestTwoRefreshesAtOnce:
    def test_let_exactly_one_succeed(self):
        alice = make_team("acme").alice
        statuses, gate = [], threading.Barrier(4)

        def refresh():
            gate.wait()
            body = {"refresh_token": alice.refresh}
            answer = APIClient().post("/api/v1/auth/refresh", body, format="json")
            statuses.append(answer.status_code)
            connection.close()

        threads = [threading.Thread(target=refresh) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200, 401, 401, 401]
