from __future__ import annotations

import logging

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from core.api.errors import flat_messages, summary

pytestmark = pytest.mark.urls("tests.core.wiring")

FIELDS = {"items.1.quantity": ["Must be positive."], "name": ["Is required."]}
DENIED = "You do not have permission to perform this action."


@pytest.fixture
def caller(caplog):
    """A client that gets answers for faults too, as over a real connection."""
    caplog.set_level(logging.CRITICAL)
    return APIClient(raise_request_exception=False)


class TestCrmEnvelope:
    @pytest.mark.parametrize(
        ("name", "status", "error", "message"),
        [
            ("conflict", 409, "Conflict", "The quote is a draft."),
            ("not-allowed", 403, "Forbidden", "You may look, not touch."),
            ("not-found", 404, "Not Found", "There is no such card."),
            ("http404", 404, "Not Found", "Not found."),
            ("denied", 403, "Forbidden", DENIED),
            ("parse", 422, "Unprocessable Entity", "The body is not valid JSON."),
        ],
    )
    def test_has_status_phrase_and_message(self, caller, db, name, status, error, message):
        answer = caller.get(f"/crm/raise/{name}")
        assert answer.status_code == status
        assert answer.json() == {"statusCode": status, "error": error, "message": message}

    @pytest.mark.parametrize(
        ("name", "fields"),
        [
            ("invalid", {"amount": ["Must be positive."]}),
            ("fields", FIELDS),
            ("model", {"name": ["Too long."]}),
            ("whole", {"non_field_errors": ["Together they make no sense."]}),
        ],
    )
    def test_names_invalid_fields(self, caller, db, name, fields):
        answer = caller.get(f"/crm/raise/{name}")
        assert answer.status_code == 400
        body = answer.json()
        assert set(body) == {"statusCode", "error", "message", "validation"}
        assert (body["statusCode"], body["error"]) == (400, "Bad Request")
        assert body["validation"] == fields

    def test_of_analytics_has_422_for_invalid_fields(self, caller, db):
        answer = caller.get("/analytics/raise/invalid")
        assert answer.status_code == 422
        assert answer.json() == {
            "statusCode": 422,
            "error": "Unprocessable Entity",
            "message": "amount: Must be positive.",
            "validation": {"amount": ["Must be positive."]},
        }


class TestSalesEnvelope:
    @pytest.mark.parametrize(
        ("name", "status", "message"),
        [
            ("conflict", 409, "The quote is a draft."),
            ("not-allowed", 403, "You may look, not touch."),
            ("http404", 404, "Not found."),
            ("parse", 422, "The body is not valid JSON."),
        ],
    )
    def test_has_a_message(self, caller, db, name, status, message):
        answer = caller.get(f"/api/v1/raise/{name}")
        assert answer.status_code == status
        assert answer.json() == {"message": message}

    def test_names_invalid_fields(self, caller, db):
        answer = caller.get("/api/v1/raise/fields")
        assert answer.status_code == 422
        assert answer.json() == {
            "message": "items.1.quantity: Must be positive.",
            "errors": FIELDS,
        }


class TestBothSurfaces:
    @pytest.mark.parametrize("surface", ["crm", "api/v1"])
    def test_tell_when_to_come_back(self, caller, db, surface):
        answer = caller.get(f"/{surface}/raise/throttled")
        assert (answer.status_code, answer["Retry-After"]) == (429, "13")

    @pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/crm/raise/fault/"])
    def test_answer_an_unknown_path(self, caller, db, path):
        answer = caller.get(path)
        assert answer.status_code == 404
        assert answer.json()["message"] == "Not found."
        assert ("statusCode" in answer.json()) == (not path.startswith("/api/"))

    @pytest.mark.parametrize("path", ["/echo", "/api/v1/sql/unique"])
    def test_ask_a_stranger_for_a_token(self, caller, db, path):
        answer = caller.get(path)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert ("statusCode" in answer.json()) == (path == "/echo")

    @pytest.mark.parametrize("surface", ["crm", "api/v1"])
    def test_refuse_a_method(self, caller, db, surface):
        answer = caller.post(f"/{surface}/raise/conflict", {}, format="json")
        assert answer.status_code == 405
        assert "POST" in answer.json()["message"]
        assert "GET" in answer["Allow"]

    @pytest.mark.parametrize("surface", ["crm", "api/v1"])
    def test_answer_a_fault_with_an_id_and_no_internals(self, caller, db, surface):
        answer = caller.get(f"/{surface}/raise/fault", HTTP_X_REQUEST_ID="fault-17")
        assert answer.status_code == 500
        body = answer.json()
        assert body["request_id"] == answer["X-Request-ID"] == "fault-17"
        assert "fault-17" in body["message"]
        assert "secret" not in answer.content.decode()
        assert "Traceback" not in answer.content.decode()
        assert ("statusCode" in body) == (surface == "crm")

    @pytest.mark.parametrize("surface", ["crm", "api/v1"])
    def test_answer_a_suspicious_request_without_its_reason(self, caller, db, surface):
        answer = caller.get(f"/{surface}/raise/suspicious")
        assert answer.status_code == 400
        assert answer.json()["message"] == "Bad request."

    def test_answer_a_host_that_is_not_ours(self, caller, db):
        answer = caller.get("/crm/raise/conflict", HTTP_HOST="evil.example")
        assert (answer.status_code, answer.json()["message"]) == (400, "Bad request.")

    @pytest.mark.parametrize("kind", ["text/html", "nonsense", "application/xml"])
    def test_refuse_to_speak_anything_but_json(self, caller, db, kind):
        answer = caller.get("/crm/raise/conflict", HTTP_ACCEPT=kind)
        assert answer.status_code == 406
        assert answer.json()["error"] == "Not Acceptable"


class TestWhatTheDatabaseRefuses:
    """The last line of defence still answers cleanly."""

    @pytest.mark.parametrize(
        ("name", "crm", "sales"),
        [("unique", 409, 409), ("check", 400, 422), ("range", 400, 422), ("text", 400, 422)],
    )
    def test_is_the_callers_mistake(self, caller, team, name, crm, sales):
        caller.credentials(HTTP_AUTHORIZATION=f"Bearer {team.alice.token}")
        for path, status in ((f"/crm/sql/{name}", crm), (f"/api/v1/sql/{name}", sales)):
            answer = _in_savepoint(caller, path)
            assert answer.status_code == status
            assert "prospects_" not in answer.content.decode()

    def test_is_our_fault_when_the_statement_is(self, caller, team):
        caller.credentials(HTTP_AUTHORIZATION=f"Bearer {team.alice.token}")
        answer = _in_savepoint(caller, "/crm/sql/syntax")
        assert answer.status_code == 500
        assert "SELEC" not in answer.content.decode()


def _in_savepoint(caller, path):
    with transaction.atomic():
        answer = caller.get(path)
        transaction.set_rollback(True)
    return answer


class TestFlatMessages:
    def test_leaves_out_rows_without_errors(self):
        assert flat_messages([{}, {"a": ["x"]}]) == {"1.a": ["x"]}

    def test_calls_errors_of_the_whole_row_as_everywhere(self):
        assert flat_messages({"__all__": ["Taken."]}) == {"non_field_errors": ["Taken."]}

    def test_takes_plain_text(self):
        assert flat_messages("x") == {"non_field_errors": ["x"]}

    def test_sums_up_with_the_first_message(self):
        assert summary({"a": [], "b": ["Wrong."]}) == "b: Wrong."
        assert summary({}) == "Some fields are invalid."
