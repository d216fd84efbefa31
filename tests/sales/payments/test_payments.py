"""`/api/v1/payments`"""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from core.checks import integrity_checks
from core.tenancy import tenant_scope
from sales.models import Invoice, Payment, Refund
from tests.accounts.notifications.told import told
from tests.people import Person
from tests.races import at_once
from tests.sales.contacts.contacts_of import contact, ids
from tests.sales.documents.documents_of import (
    INVOICES,
    PAYMENTS,
    approved_quote,
    count,
    done,
    invoice,
    made,
    pay,
    sent_invoice,
    stored,
)

AT_ONCE = 10


def owed(team, bill):
    found = done(team.mona.get(f"{INVOICES}/{bill['id']}"))
    return found["status"], found["amount_paid"], found["amount_due"]


class TestRecording:
    def test_answers_what_the_contract_shows(self, team):
        bill = sent_invoice(team.mona)
        payment = made(
            pay(
                team.mona,
                bill["id"],
                104400,
                contact_id=bill["contact_id"],
                currency="MXN",
                method="transfer",
                reference="SPEI-20250410-001",
                paid_at="2025-04-10T12:00:00Z",
            )
        )
        assert (payment["amount"], payment["currency"], payment["method"]) == (
            104400,
            "MXN",
            "transfer",
        )
        assert (payment["reference"], payment["status"]) == ("SPEI-20250410-001", "completed")
        assert payment["paid_at"] == "2025-04-10T12:00:00.000000Z"
        assert (payment["invoice_id"], payment["contact_id"]) == (bill["id"], bill["contact_id"])
        assert ids(team.mona.get(PAYMENTS, {"invoice_id": bill["id"]})) == [payment["id"]]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("amount", 0),
            ("amount", -5),
            ("amount", "0.001"),
            ("amount", "NaN"),
            ("amount", "1e400"),
            ("amount", None),
            ("amount", True),
            ("amount", 208800.01),
            ("method", "barter"),
            ("currency", "USD"),
            ("currency", "XXX"),
            ("reference", "x" * 256),
            ("reference", "a\0b"),
            ("paid_at", "soon"),
            ("contact_id", 999),
            ("invoice_id", 999),
            ("invoice_id", None),
        ],
    )
    def test_refuses_what_is_wrong_and_writes_nothing(self, team, field, value):
        bill = sent_invoice(team.mona)
        answer = team.mona.post(PAYMENTS, {"invoice_id": bill["id"], "amount": 5, field: value})
        assert answer.status_code == 422, answer.content
        assert list(answer.json()["errors"]) == [field]
        assert (count(team, Payment), owed(team, bill)) == (0, ("sent", 0, 208800))

    def test_refuses_cents_of_a_currency_without(self, team):
        bill = sent_invoice(team.mona, currency="JPY")
        assert pay(team.mona, bill["id"], "5.50").status_code == 422
        assert pay(team.mona, bill["id"], 5).status_code == 201

    def test_finds_no_invoice_of_others(self, team, rivals):
        bill = sent_invoice(team.mona)
        answer = pay(rivals.mona, bill["id"], 5)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["invoice_id"])

    @pytest.mark.parametrize("state", ["draft", "cancelled"])
    def test_of_what_is_not_owed_is_409_and_names_the_state(self, team, state):
        bill = invoice(team.mona)
        if state == "cancelled":
            team.mona.post(f"{INVOICES}/{bill['id']}/cancel")
        answer = pay(team.mona, bill["id"], 5)
        assert (answer.status_code, f"is {state}" in answer.json()["message"]) == (409, True)

    def test_of_a_paid_one_is_more_than_is_due(self, team):
        bill = sent_invoice(team.mona)
        made(pay(team.mona, bill["id"], 208800))
        answer = pay(team.mona, bill["id"], 1)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["amount"])

    @pytest.mark.django_db(transaction=True)
    def test_at_once_never_overpays(self, team):
        """The issue's fifty: ten here, of which seven fit."""
        bill = sent_invoice(team.mona)
        people = [Person(team.mona.user) for _ in range(AT_ONCE)]
        answers = at_once(
            *(lambda person=person: pay(person, bill["id"], 29000) for person in people)
        )
        connection.close()
        assert sorted(answer.status_code for answer in answers) == [201] * 7 + [422] * 3
        assert owed(team, bill) == ("sent", 203000, 5800)


class TestChanging:
    def test_recomputes_the_invoice(self, team):
        bill = sent_invoice(team.mona)
        payment = made(pay(team.mona, bill["id"], 208800))
        assert owed(team, bill) == ("paid", 208800, 0)
        url = f"{PAYMENTS}/{payment['id']}"
        assert done(team.mona.put(url, {"amount": 8800, "reference": "x"}))["reference"] == "x"
        assert owed(team, bill) == ("sent", 8800, 200000)
        answer = team.mona.put(url, {"amount": "208800.01"})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["amount"])
        assert team.mona.delete(url).status_code == 200
        assert owed(team, bill) == ("sent", 0, 208800)

    def test_keeps_its_invoice_and_currency(self, team):
        bill, other = sent_invoice(team.mona), sent_invoice(team.mona)
        url = f"{PAYMENTS}/{made(pay(team.mona, bill['id'], 5))['id']}"
        for body in ({"invoice_id": other["id"]}, {"currency": "USD"}):
            answer = team.mona.put(url, body)
            assert (answer.status_code, list(answer.json()["errors"])) == (422, list(body))


class TestRefunding:
    def test_makes_the_invoice_owed_again(self, team):
        bill = sent_invoice(team.mona)
        payment = made(pay(team.mona, bill["id"], 208800))
        url = f"{PAYMENTS}/{payment['id']}/refund"
        some = done(team.mona.post(url, {"amount": 800, "reason": "Error"}))
        assert (some["status"], some["refunded_amount"]) == ("completed", 800)
        assert owed(team, bill) == ("sent", 208000, 800)
        rest = done(team.mona.post(url))
        assert (rest["status"], rest["refunded_amount"]) == ("refunded", 208800)
        assert (rest["refund_reason"], bool(rest["refunded_at"])) == ("Error", True)
        assert owed(team, bill) == ("sent", 0, 208800)
        again = team.mona.post(url)
        assert (again.status_code, "refunded" in again.json()["message"]) == (409, True)

    def test_and_paying_again_tells_the_owner_again(self, team):
        bill = sent_invoice(team.mona)
        for _ in range(2):
            payment = made(pay(team.mona, bill["id"], 208800))
            done(team.mona.post(f"{PAYMENTS}/{payment['id']}/refund"))
        assert [kind for kind, *_ in told(team.mona)] == ["invoice_paid"] * 2

    @pytest.mark.parametrize("amount", [6, 0, -1, "NaN", "x"])
    def test_refuses_more_than_came_in_and_what_is_no_amount(self, team, amount):
        payment = made(pay(team.mona, sent_invoice(team.mona)["id"], 5))
        answer = team.mona.post(f"{PAYMENTS}/{payment['id']}/refund", {"amount": amount})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["amount"])

    def test_is_neither_changed_nor_deleted_any_more(self, team):
        payment = made(pay(team.mona, sent_invoice(team.mona)["id"], 5))
        url = f"{PAYMENTS}/{payment['id']}"
        done(team.mona.post(f"{url}/refund", {"amount": 1}))
        assert team.mona.put(url, {"amount": 6}).status_code == 409
        assert team.mona.delete(url).status_code == 409
        assert done(team.mona.put(url, {"reference": "x"}))["reference"] == "x"

    @pytest.mark.parametrize("is_billed_again", [False, True])
    def test_leaves_the_cancelled_invoice_as_it_is(self, team, is_billed_again):
        offer = approved_quote(team.mona)["id"]
        bill = made(team.mona.post(INVOICES, {"quote_id": offer}))
        done(team.mona.post(f"{INVOICES}/{bill['id']}/send"))
        url = f"{PAYMENTS}/{made(pay(team.mona, bill['id'], 100))['id']}"
        done(team.mona.post(f"{url}/refund"))
        done(team.mona.post(f"{INVOICES}/{bill['id']}/cancel"))
        if is_billed_again:
            made(team.mona.post(INVOICES, {"quote_id": offer}))
        assert done(team.mona.put(url, {"reference": "x"}))["reference"] == "x"
        assert done(team.mona.get(f"{INVOICES}/{bill['id']}"))["status"] == "cancelled"


class TestPayers:
    def test_cannot_be_deleted(self, team):
        payer = contact(team.ada)["id"]
        made(pay(team.ada, sent_invoice(team.ada)["id"], 5, contact_id=payer))
        assert team.ada.delete(f"/api/v1/contacts/{payer}").status_code == 409


class TestIntegrity:
    def test_finds_an_invoice_that_says_something_else_than_its_payments(self, team):
        bill = sent_invoice(team.mona)
        made(pay(team.mona, bill["id"], 5))
        (check,) = [each for each in integrity_checks() if "what an invoice says" in each.name]
        with tenant_scope(team.tenant.pk):
            assert list(check.find()) == []
            Invoice.objects.filter(pk=bill["id"]).update(amount_paid=Decimal(6))
            assert list(check.find()) == [
                f"invoice {bill['id']}: paid 6.00, its payments come to 5.00"
            ]
        assert stored(team, Invoice, bill["id"]).amount_paid == 6

    def test_finds_a_payment_that_says_something_else_than_its_refunds(self, team):
        payment = made(pay(team.mona, sent_invoice(team.mona)["id"], 5))
        done(team.mona.post(f"{PAYMENTS}/{payment['id']}/refund", {"amount": 2}))
        (check,) = [each for each in integrity_checks() if "went back" in each.name]
        with tenant_scope(team.tenant.pk):
            assert list(check.find()) == []
            Refund.objects.update(amount=Decimal(1))
            assert list(check.find()) == [
                f"payment {payment['id']}: refunded 2.00, its refunds come to 1.00"
            ]
