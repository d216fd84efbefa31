from __future__ import annotations

import pytest

from tests.people import PASSWORD, Person

PATH = "/api/v1/auth/change-password"
NEW = "an even longer secret"


def sent(**given):
    both = {"password": NEW, "password_confirmation": NEW}
    return {"current_password": PASSWORD, **both, **given}


class TestChange:
    def test_ends_every_other_session(self, team, opens, post):
        elsewhere = Person(team.alice.user)
        assert team.alice.post(PATH, sent()).status_code == 200
        assert opens(team.alice.token)
        assert not opens(elsewhere.token)
        assert post("refresh", refresh_token=elsewhere.refresh).status_code == 401
        assert post("login", email="alice@acme.test", password=NEW).status_code == 200
        assert post("login", email="alice@acme.test", password=PASSWORD).status_code == 401

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"current_password": "wrong"}, "current_password"),
            ({"current_password": None}, "current_password"),
            ({"password_confirmation": "other"}, "password_confirmation"),
            ({"password": "12345678", "password_confirmation": "12345678"}, "password"),
            ({"password": ["x"]}, "password"),
            ({"password": "x" * 1001}, "password"),
        ],
    )
    def test_that_is_refused_changes_nothing(self, team, post, opens, given, field):
        elsewhere = Person(team.alice.user)
        answer = team.alice.post(PATH, sent(**given))
        assert answer.status_code == 422
        assert field in answer.json()["errors"]
        assert opens(elsewhere.token)
        assert post("login", email="alice@acme.test", password=PASSWORD).status_code == 200

    def test_is_no_way_to_guess_a_password(self, team, settings):
        settings.CRM_LOGIN_TRIES_PER_MINUTE = 2
        tries = [team.alice.post(PATH, sent(current_password="x")).status_code for _ in range(3)]
        assert tries == [422, 422, 429]
