"""`GET /api/v1/contacts/{id}/statement` and `…/companies/{id}/statement`"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

from django.db import connection
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.models import Refund
from sales.payments.services import refund_payment
from tests.sales.contacts.contacts_of import company, contact
from tests.sales.documents.documents_of import (
    HOURS,
    INVOICES,
    PAYMENTS,
    day,
    done,
    invoice,
    made,
    pay,
    sent_invoice,
)


def statement(person, contact_id):
    return done(person.get(f"/api/v1/contacts/{contact_id}/statement"))


class TestStatement:
    def test_lists_what_was_billed_paid_and_refunded_with_the_balance(self, team):
        maria = contact(team.mona)["id"]
        about = {"contact_id": maria, "issued_at": day(-40), "due_at": day(-3)}
        bill = sent_invoice(team.mona, **about)
        invoice(team.mona, contact_id=maria)  # a draft bills nothing
        gone = sent_invoice(team.mona, contact_id=maria)
        done(team.mona.post(f"{INVOICES}/{gone['id']}/cancel"))
        sent_invoice(team.mona, items=[HOURS])  # somebody else's
        paid = made(pay(team.mona, bill["id"], 8800, reference="SPEI-1"))
        done(team.mona.post(f"{PAYMENTS}/{paid['id']}/refund", {"amount": 800, "reason": "Error"}))
        account = statement(team.mona, maria)
        (sums,) = account["totals"]
        assert (sums["currency"], sums["invoiced"], sums["paid"]) == ("MXN", 208800, 8000)
        assert (sums["balance"], sums["overdue"]) == (200800, 200800)
        assert [
            (e["type"], e["reference"], e["amount"], e["balance"]) for e in account["entries"]
        ] == [
            ("refund", "Error", 800, 200800),
            ("payment", "SPEI-1", -8800, 200000),
            ("invoice", "FAC-000001", 208800, 208800),
        ]

    def test_lists_each_refund_of_a_payment_on_its_day(self, team):
        maria = contact(team.mona)["id"]
        bill = sent_invoice(team.mona, contact_id=maria, issued_at=day(-9))
        paid_at = timezone.now() - timedelta(days=8)
        paid = made(pay(team.mona, bill["id"], 8800, paid_at=paid_at.isoformat()))
        with tenant_scope(team.tenant.pk):
            refund_payment(
                payment_id=paid["id"],
                amount=Decimal(300),
                reason="Error",
                by=team.mona.user,
                at=paid_at + timedelta(days=2),
            )
        url = f"{PAYMENTS}/{paid['id']}/refund"
        for amount, reason in ((100, "Descuento"), (200, "")):
            done(team.mona.post(url, {"amount": amount, "reason": reason}))
        first, second, third = statement(team.mona, maria)["entries"][:3]
        shown = [(e["reference"], e["amount"], e["balance"]) for e in (first, second, third)]
        assert shown == [
            ("", 200, 200600),
            ("Descuento", 100, 200400),
            ("Error", 300, 200300),
        ]
        assert first["day"] == second["day"] > third["day"]
        assert {e["id"] for e in (first, second, third)} == {paid["id"]}

    def test_lists_what_went_back_before_refunds_had_rows(self, team):
        maria = contact(team.mona)["id"]
        paid = made(pay(team.mona, sent_invoice(team.mona, contact_id=maria)["id"], 8800))
        done(team.mona.post(f"{PAYMENTS}/{paid['id']}/refund", {"amount": 5, "reason": "Error"}))
        before = statement(team.mona, maria)
        with tenant_scope(team.tenant.pk):
            Refund.objects.all().delete()
        migration = import_module("sales.migrations.0012_refunds_of_payments")
        for _ in range(2):
            migration.add_refunds(None, SimpleNamespace(connection=connection))
        assert statement(team.mona, maria) == before

    def test_keeps_currencies_apart(self, team):
        maria = contact(team.mona)["id"]
        for currency in ("MXN", "USD"):
            sent_invoice(team.mona, contact_id=maria, currency=currency)
        account = statement(team.mona, maria)
        assert [sums["currency"] for sums in account["totals"]] == ["MXN", "USD"]
        assert [entry["balance"] for entry in account["entries"]] == [208800, 208800]

    def test_of_nobody_billed_is_empty(self, team):
        account = statement(team.mona, contact(team.mona)["id"])
        assert (account["totals"], account["entries"]) == ([], [])

    def test_takes_five_statements_at_most(self, team, django_assert_max_num_queries):
        bill = sent_invoice(team.mona)
        made(pay(team.mona, bill["id"], 5))
        with django_assert_max_num_queries(5):
            statement(team.mona, bill["contact_id"])


class TestOfACompany:
    def test_puts_the_accounts_of_its_people_together(self, team, django_assert_max_num_queries):
        acme = company(team, owner=team.mona, email="first@acme.test")
        path = f"/api/v1/companies/{acme.pk}/statement"
        assert done(team.mona.get(path))["totals"] == []
        for _ in range(2):
            person = contact(team.mona, company_id=acme.pk)["id"]
            bill = sent_invoice(team.mona, contact_id=person)
            made(pay(team.mona, bill["id"], 800))
        sent_invoice(team.mona)  # of somebody who is not of the company
        with django_assert_max_num_queries(5):
            account = done(team.mona.get(path))
        assert account["company_id"] == acme.pk
        (sums,) = account["totals"]
        assert (sums["invoiced"], sums["paid"], sums["balance"]) == (417600, 1600, 416000)
        assert len(account["entries"]) == 4
        assert account["entries"][0]["balance"] == 416000

    def test_is_of_those_who_see_it(self, team, rivals):
        acme = company(team, owner=team.alice)
        for person, status in ((team.alice, 200), (team.bob, 404), (rivals.ada, 404)):
            assert person.get(f"/api/v1/companies/{acme.pk}/statement").status_code == status
