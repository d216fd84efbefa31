"""How bodies are read. The echo view answers with what it read."""

from __future__ import annotations

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError
from rest_framework.test import APIClient

pytestmark = [pytest.mark.urls("tests.core.wiring"), pytest.mark.django_db]


@pytest.fixture
def echo():
    """Post raw bytes and return the answer."""

    def send(raw: bytes, content_type: str = "application/json"):
        return APIClient().generic("POST", "/echo", raw, content_type=content_type)

    return send


class TestNumbers:
    @pytest.mark.parametrize(
        "text", ["0.10", "12345678901234.56", "0.1000000000000000055511151231257827", "-0.5"]
    )
    def test_come_back_exactly_as_they_went_in(self, echo, text):
        assert echo(f"[{text}]".encode()).content == f'{{"read":[{text}]}}'.encode()

    @pytest.mark.parametrize(
        "text", ["NaN", "Infinity", "-Infinity", "1e999999999", "1e-999999999", "9" * 5000]
    )
    def test_that_are_none_or_absurd_are_refused(self, echo, text):
        for body in (text, f"[{text}]", f'{{"amount": {text}}}'):
            answer = echo(body.encode())
            assert answer.status_code == 422
            assert answer.json() == {
                "statusCode": 422,
                "error": "Unprocessable Entity",
                "message": "The body is not valid JSON.",
            }

    def test_beyond_any_float_are_left_to_the_fields(self, echo):
        assert echo(b"[1e400]").status_code == 200


class TestText:
    def test_is_read_whatever_the_content_type_says(self, echo):
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "nonsense", ""):
            assert echo('{"a": "ñ 😀"}'.encode(), content_type).json() == {"read": {"a": "ñ 😀"}}

    def test_may_begin_with_a_byte_order_mark(self, echo):
        assert echo(b'\xef\xbb\xbf{"a": 1}').json() == {"read": {"a": 1}}

    def test_may_hold_escaped_pairs_of_surrogates(self, echo):
        assert echo(b'["\\ud83d\\ude00", "\\uD83D\\uDE00"]').json() == {"read": ["😀", "😀"]}

    @pytest.mark.parametrize(
        "raw",
        [
            b'"\\ud800"',
            b'"\\uDFFF"',
            b'{"\\ud800": 1}',
            b'[{"a": ["\\ud800"]}]',
            b'"\xed\xa0\x80"',  # the same, not escaped
            '"\\ud800"'.encode("utf-16"),
            '{"a": 1}'.encode("utf-16"),
            '{"a": "ñ"}'.encode("latin-1"),
        ],
    )
    def test_that_no_database_stores_is_refused(self, echo, raw):
        assert echo(raw).status_code == 422


class TestShape:
    def test_takes_the_last_of_two_equal_keys(self, echo):
        assert echo(b'{"a": 1, "a": 2}').json() == {"read": {"a": 2}}

    def test_of_an_empty_body_is_an_empty_object(self, echo):
        assert echo(b"").json() == {"read": {}}

    @pytest.mark.parametrize(
        "raw", [b"{", b"[1,]", b"{'a': 1}", b"\x00", b"a=1", b"[" * 100_000, b'{"a":' * 100_000]
    )
    def test_that_is_not_json_is_refused(self, echo, raw):
        assert echo(raw).status_code == 422

    def test_that_is_too_large_is_refused(self, echo, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        assert echo(b'"' + b"x" * 98 + b'"').status_code == 200
        answer = echo(b'"' + b"x" * 99 + b'"')
        assert answer.status_code == 413
        assert answer.json()["message"] == "The body is too large."

    def test_is_an_object_or_array_where_one_is_expected(self, team):
        assert team.ada.put("/echo", {"a": 1}).json() == {"object": {"a": 1}}
        assert team.ada.patch("/echo", [1]).json() == {"rows": [1]}
        assert team.ada.put("/echo", [1]).status_code == 422
        assert team.ada.patch("/echo", {"a": 1}).status_code == 422


class TestDepth:
    def test_of_fifty_is_read_and_of_more_refused(self, echo):
        for begin, end in ((b"[", b"]"), (b'{"a":', b"}")):
            assert echo(begin * 50 + b"1" + end * 50).status_code == 200
            assert echo(begin * 51 + b"1" + end * 51).status_code == 422

    def test_is_not_mistaken_for_length(self, echo):
        assert echo(b"[" + b"[1]," * 500 + b"[1]]").status_code == 200


class TestStranger:
    @pytest.mark.urls("crm_project.urls")
    def test_may_send_less_than_who_is_known(self, team, settings):
        settings.CRM_MAX_PUBLIC_BODY_BYTES = 200
        sent = {"email": "alice@acme.test", "password": "x" * 200}
        assert APIClient().post("/api/v1/auth/login", sent, format="json").status_code == 413
        given = {"first_name": "Known", "notes": "x" * 200}
        assert team.alice.post("/api/v1/contacts", given).status_code == 201


class TestBrokenOff:
    def test_is_told_as_such_and_is_no_fault(self, team, monkeypatch):
        def breaks_off(*_args):
            raise UnreadablePostError("The body comes too slowly.")

        monkeypatch.setattr(WSGIRequest, "read", breaks_off)
        answer = team.ada.put("/echo", {"a": 1})
        assert answer.status_code == 408
        assert answer.json()["statusCode"] == 408
