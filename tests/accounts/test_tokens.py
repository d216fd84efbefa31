"""Which tokens open the door. A token's session is a row; the signature alone is not enough."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.utils import timezone

from tests.accounts.conftest import ME


def claims_of(token: str) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def signed(claims: dict, key: str = settings.SECRET_KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def segment(content: object) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class TestAccessToken:
    def test_opens_the_door_until_it_expires(self, opens, team, time_machine):
        start = timezone.now()
        time_machine.move_to(start + timedelta(hours=7, minutes=59))
        assert opens(team.alice.token)
        time_machine.move_to(start + timedelta(hours=8, minutes=1))
        assert not opens(team.alice.token)

    def test_is_known_by_any_spelling_of_bearer(self, stranger, team):
        for kind in ("Bearer", "bearer", "BEARER", "Bearer "):
            answer = stranger.get(ME, HTTP_AUTHORIZATION=f"{kind} {team.alice.token}")
            assert answer.status_code == 200

    def test_refused_says_how_to_sign_in(self, stranger, db):
        answer = stranger.get(ME, HTTP_AUTHORIZATION="Bearer x")
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"
        assert set(answer.json()) == {"message"}

    @pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Token x", "x"])
    def test_is_needed(self, stranger, db, header):
        assert stranger.get(ME, HTTP_AUTHORIZATION=header).status_code == 401


class TestForgedToken:
    def test_signed_again_by_us_works(self, opens, team):
        """So the forgeries below are refused for what is wrong with them, not how they are made."""
        assert opens(signed(claims_of(team.alice.token)))

    def test_signed_with_another_key(self, opens, team):
        assert not opens(signed(claims_of(team.alice.token), key="k" * 64))

    def test_signed_by_nobody(self, opens, team):
        claims = claims_of(team.alice.token)
        for algorithm in ("none", "None", "NONE", "nOnE"):
            header = {"alg": algorithm, "typ": "JWT"}
            for signature in ("", segment(b"x")):
                assert not opens(f"{segment(header)}.{segment(claims)}.{signature}")

    def test_signed_with_another_algorithm(self, opens, team):
        assert not opens(signed(claims_of(team.alice.token), algorithm="HS512"))

    def test_with_other_claims_under_an_honest_signature(self, opens, team):
        header, _, signature = team.alice.token.split(".")
        claims = claims_of(team.alice.token) | {"sid": uuid.uuid4().hex}
        assert not opens(f"{header}.{segment(claims)}.{signature}")

    @pytest.mark.parametrize(
        "change",
        [
            {"sid": uuid.uuid4().hex},
            {"sid": "no uuid"},
            {"sid": 7},
            {"sid": None},
            {"sid": ["x"]},
            {"sid": "\x00" * 32},
            {"exp": 1},
            {"exp": "soon"},
            {"exp": 10**30},
            {"token_type": "refresh"},
            {"token_type": None},
        ],
    )
    def test_of_ours_with_claims_that_name_no_session(self, opens, team, change):
        assert not opens(signed(claims_of(team.alice.token) | change))

    @pytest.mark.parametrize("missing", ["sid", "exp", "token_type"])
    def test_of_ours_without_a_claim(self, opens, team, missing):
        claims = claims_of(team.alice.token)
        del claims[missing]
        assert not opens(signed(claims))

    @pytest.mark.parametrize(
        "raw",
        [
            "x",
            "..",
            "a.b.c",
            "é.é.é",
            "\x00",
            "x" * 8000,
            f"{segment(b'[' * 5000)}.{segment({})}.{segment(b'x')}",
            f"{segment([])}.{segment([])}.{segment(b'x')}",
            f"{segment({'alg': ['HS256']})}.{segment({})}.{segment(b'x')}",
            f"{segment({'alg': 'HS256', 'crit': 7})}.{segment({})}.{segment(b'x')}",
        ],
        ids=str.__len__,
    )
    def test_that_is_no_token_at_all(self, opens, db, raw):
        assert not opens(raw)

    def test_of_the_wrong_kind(self, opens, team):
        assert not opens(team.alice.refresh)
