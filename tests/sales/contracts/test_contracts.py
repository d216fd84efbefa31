"""`/api/v1/contracts`"""

from __future__ import annotations

import hashlib

import pytest

from core.tenancy import tenant_scope
from sales.models import Contract, Signature
from tests.accounts.notifications.told import told
from tests.sales.contacts.contacts_of import contact, ids
from tests.sales.documents.documents_of import (
    CONTRACTS,
    approved_quote,
    contract,
    count,
    day,
    done,
    made,
    quote,
)


def act(person, agreed, what, body=None):
    return person.post(f"{CONTRACTS}/{agreed['id']}/{what}", body)


def in_state(person, state):
    agreed = contract(person, start_date=day(-9), end_date=day(-1) if state == "expired" else None)
    if state in ("signed", "expired"):
        done(act(person, agreed, "sign"))
    if state == "cancelled":
        done(act(person, agreed, "cancel"))
    return agreed


class TestCreating:
    def test_answers_what_the_contract_shows(self, team):
        agreed = contract(
            team.mona, type="service", start_date="2025-05-01", end_date="2025-12-31", value=450000
        )
        assert (agreed["contract_number"], agreed["status"]) == ("CTR-000001", "draft")
        assert (agreed["type"], agreed["value"], agreed["currency"]) == ("service", 450000, "MXN")
        assert (agreed["start_date"], agreed["end_date"]) == ("2025-05-01", "2025-12-31")
        assert agreed["signature"] is None
        assert ids(team.mona.get(CONTRACTS, {"status": "draft"})) == [agreed["id"]]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("title", None),
            ("title", "x" * 256),
            ("type", "x" * 51),
            ("value", -1),
            ("value", "NaN"),
            ("value", "1e400"),
            ("end_date", "2025-01-01"),
            ("start_date", "soon"),
            ("contact_id", 999),
            ("quote_id", 999),
        ],
    )
    def test_refuses_what_is_wrong_and_writes_nothing(self, team, field, value):
        body = {"contact_id": contact(team.mona)["id"], "title": "x", "start_date": "2025-05-01"}
        answer = team.mona.post(CONTRACTS, {**body, field: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
        assert count(team, Contract) == 0

    def test_of_a_quote_needs_an_approved_one_and_happens_once(self, team):
        answer = team.mona.post(CONTRACTS, {"quote_id": quote(team.mona, title="x")["id"]})
        assert (answer.status_code, "is draft" in answer.json()["message"]) == (409, True)
        offer = approved_quote(team.mona, title="x")
        agreed = made(team.mona.post(CONTRACTS, {"quote_id": offer["id"], "title": "y"}))
        assert (agreed["title"], agreed["value"]) == ("y", 208800)
        assert team.mona.post(CONTRACTS, {"quote_id": offer["id"]}).status_code == 409

    def test_of_a_quote_keeps_its_currency_unless_another_value_is_sent(self, team):
        body = {"quote_id": approved_quote(team.mona, title="x")["id"], "currency": "USD"}
        answer = team.mona.post(CONTRACTS, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["currency"])
        assert count(team, Contract) == 0
        agreed = made(team.mona.post(CONTRACTS, {**body, "value": 11136}))
        assert (agreed["currency"], agreed["value"]) == ("USD", 11136)


class TestSigning:
    def test_keeps_who_when_from_where_and_what(self, team):
        agreed = contract(team.mona)
        body = {"client_name": "Maria Garcia Lopez", "company_name": "Soluciones SA"}
        signed = done(act(team.mona, agreed, "sign", body))
        evidence = signed["signature"]
        assert signed["status"] == "signed"
        assert {name: evidence[name] for name in body} == body
        with tenant_scope(team.tenant.pk):
            kept = Signature.objects.get(contract=agreed["id"])
        assert (kept.ip_address, kept.recorded_by_id) == ("127.0.0.1", team.mona.id)
        assert hashlib.sha256(kept.signed_pdf).hexdigest() == evidence["sha256"]
        assert hashlib.sha256(kept.content_pdf).hexdigest() == evidence["content_sha256"]
        ((kind, text, _),) = told(team.mona)
        assert (kind, "Maria Garcia Lopez" in text) == ("contract_signed", True)

    def test_without_a_name_is_the_contacts(self, team):
        maria = contact(team.mona, first_name="Maria", last_name="Lopez")["id"]
        signed = done(act(team.mona, contract(team.mona, contact_id=maria), "sign"))
        assert signed["signature"]["client_name"] == "Maria Lopez"

    def test_twice_is_409_and_keeps_the_first(self, team):
        agreed = contract(team.mona)
        first = done(act(team.mona, agreed, "sign", {"client_name": "Maria"}))
        again = act(team.mona, agreed, "sign", {"client_name": "Eve"})
        assert (again.status_code, "is signed" in again.json()["message"]) == (409, True)
        assert done(team.mona.get(f"{CONTRACTS}/{agreed['id']}")) == first

    @pytest.mark.parametrize("field", ["client_name", "company_name"])
    @pytest.mark.parametrize("value", ["x" * 256, "a\0b", [], {}])
    def test_refuses_a_name_that_is_none(self, team, field, value):
        answer = act(team.mona, contract(team.mona), "sign", {field: value})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


class TestStates:
    @pytest.mark.parametrize(
        ("state", "what"),
        [
            ("expired", "sign"),
            ("cancelled", "sign"),
            ("cancelled", "send"),
            ("expired", "cancel"),
            ("cancelled", "cancel"),
        ],
    )
    def test_refuse_what_does_not_fit_by_409_that_names_them(self, team, state, what):
        answer = act(team.mona, in_state(team.mona, state), what)
        assert (answer.status_code, f"is {state}" in answer.json()["message"]) == (409, True)

    @pytest.mark.parametrize("state", ["signed", "expired", "cancelled"])
    def test_other_than_draft_are_not_deleted_or_edited(self, team, state):
        agreed = in_state(team.ada, state)
        for answer in (
            team.ada.delete(f"{CONTRACTS}/{agreed['id']}"),
            team.ada.put(f"{CONTRACTS}/{agreed['id']}", {"value": 1}),
        ):
            assert (answer.status_code, f"is {state}" in answer.json()["message"]) == (409, True)

    def test_lapse_after_the_end(self, team):
        agreed = in_state(team.mona, "expired")
        assert ids(team.mona.get(CONTRACTS, {"status": "expired"})) == [agreed["id"]]
        assert ids(team.mona.get(CONTRACTS, {"status": "signed"})) == []

    def test_draft_is_changed_and_deleted(self, team):
        agreed = contract(team.ada)
        url = f"{CONTRACTS}/{agreed['id']}"
        assert done(team.ada.put(url, {"end_date": "2036-03-31"}))["end_date"] == "2036-03-31"
        assert team.ada.put(url, {"start_date": "2037-01-01"}).status_code == 422
        assert done(team.ada.post(f"{url}/send"))["status"] == "draft"
        assert team.ada.delete(url).status_code == 200
        assert team.ada.get(url).status_code == 404


class TestList:
    def test_takes_five_statements_at_most(self, team, django_assert_max_num_queries):
        for _ in range(4):
            contract(team.mona, owner_id=team.alice.id)
        for person in (team.alice, team.mona):
            with django_assert_max_num_queries(5):
                assert len(ids(person.get(CONTRACTS))) == 4
