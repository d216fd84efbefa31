"""Invoices and payments in the back office."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.models import Invoice, Payment
from tests.accounts.webhooks.test_emitting import events, wants
from tests.sales.contacts.contacts_of import contact
from tests.sales.desk.pages import act, add, change, page
from tests.sales.desk.test_quotes import HOURS_TYPED
from tests.sales.documents.documents_of import (
    INVOICES,
    PAYMENTS,
    count,
    day,
    done,
    invoice,
    made,
    pay,
    sent_invoice,
    stored,
)
from tests.staff import errors_of, filled_in, messages_of, signed_in


def noted(team, bill, amount, **given):
    return act(team.mona, "invoice", "pay", bill["id"], amount=amount, method="transfer", **given)


def payments(team):
    with tenant_scope(team.tenant.pk):
        return list(Payment.objects.order_by("pk"))


def found(team, bill):
    return done(team.mona.get(f"{INVOICES}/{bill['id']}"))


class TestWriting:
    def test_makes_a_draft_issued_today(self, team):
        maria = contact(team.mona)["id"]
        answer = add(team.mona, "invoice", HOURS_TYPED, contact=maria, due_at=day(30))
        assert answer.status_code == 302, errors_of(answer)
        (made_one,) = done(team.mona.get(INVOICES))
        assert (made_one["invoice_number"], made_one["total"]) == ("FAC-000001", 208800)
        assert made_one["due_at"].startswith(day(30))

    @pytest.mark.parametrize("days", [{"due_at": day(-1)}, {"issued_at": ""}])
    def test_refuses_days_that_cannot_be(self, team, days):
        maria = contact(team.mona)["id"]
        answer = add(team.mona, "invoice", HOURS_TYPED, contact=maria, **days)
        assert list(errors_of(answer)) == list(days)
        assert count(team, Invoice) == 0

    def test_keeps_what_was_sent_but_dates_and_notes(self, team):
        bill = sent_invoice(team.mona, title="Plan", due_at=day(3))
        change(team.mona, "invoice", bill["id"], due_at=day(9), notes="Later")
        after = found(team, bill)
        assert (after["notes"], after["title"]) == ("Later", "Plan")
        assert after["due_at"].startswith(day(9))
        refused = change(team.mona, "invoice", bill["id"], notes="Last", title="No")
        assert list(errors_of(refused)) == ["__all__"]
        assert found(team, bill)["notes"] == "Later"

    def test_is_not_for_sellers(self, team):
        assert signed_in(team.alice.user).get(page("invoice", "add")).status_code == 403

    def test_refuses_to_cancel_what_was_paid_in_part(self, team):
        bill = sent_invoice(team.mona)
        noted(team, bill, "100")
        shown = act(team.mona, "invoice", "cancel", bill["id"])
        assert messages_of(shown)
        assert found(team, bill)["status"] == "sent"
        assert "FAC" not in messages_of(shown)  # it says what to do, not only the state


class TestPaying:
    def test_settles_an_invoice_in_parts(self, team):
        bill = sent_invoice(team.mona)
        noted(team, bill, "8800.00", reference="SPEI-1")
        assert (found(team, bill)["amount_due"], found(team, bill)["status"]) == (200000, "sent")
        noted(team, bill, "200000")
        assert found(team, bill)["status"] == "paid"
        first, second = payments(team)
        assert (first.reference, second.amount) == ("SPEI-1", Decimal(200000))

    def test_proposes_what_is_due(self, team):
        bill = sent_invoice(team.mona)
        noted(team, bill, "8800")
        shown = signed_in(team.mona.user).get(page("invoice", "pay", bill["id"]))
        assert shown.context["form"]["amount"].value() == Decimal(200000)

    @pytest.mark.parametrize(
        "amount", ["208800.01", "0", "-1", "NaN", "Infinity", "1e400", "0.001", "", "x"]
    )
    def test_refuses_what_is_no_amount_due(self, team, amount):
        bill = sent_invoice(team.mona)
        answer = noted(team, bill, amount)
        assert list(errors_of(answer)) == ["amount"]
        assert payments(team) == []

    def test_refuses_cents_of_a_currency_without(self, team):
        bill = sent_invoice(team.mona, currency="JPY")
        assert list(errors_of(noted(team, bill, "0.5"))) == ["amount"]

    @pytest.mark.parametrize(
        "given", [{"method": "barter"}, {"paid_at_0": "soon"}, {"reference": "x" * 256}]
    )
    def test_refuses_what_is_no_payment(self, team, given):
        bill = sent_invoice(team.mona)
        sent = {"amount": "1", "method": "cash", **given}
        answer = act(team.mona, "invoice", "pay", bill["id"], **sent)
        assert len(errors_of(answer)) == 1
        assert payments(team) == []

    @pytest.mark.parametrize(("state", "name"), [("draft", "Borrador"), ("cancelled", "Cancelado")])
    def test_names_the_state_that_takes_none(self, team, state, name):
        bill = invoice(team.mona)
        if state == "cancelled":
            done(team.mona.post(f"{INVOICES}/{bill['id']}/cancel"))
        shown = noted(team, bill, "1")
        assert name in messages_of(shown)
        assert payments(team) == []

    def test_is_shown_on_the_invoice(self, team):
        bill = sent_invoice(team.mona)
        noted(team, bill, "8800", reference="<b>SPEI</b>")
        (payment,) = payments(team)
        shown = signed_in(team.mona.user).get(page("invoice", "change", bill["id"]))
        text = shown.content.decode()
        assert "&lt;b&gt;SPEI&lt;/b&gt;" in text
        assert page("payment", "change", payment.pk) in text
        assert "200,000.00" in text

    def test_is_for_managers(self, team):
        bill = sent_invoice(team.mona)
        for person in (team.alice, team.victor):
            answer = signed_in(person.user).post(page("invoice", "pay", bill["id"]))
            assert answer.status_code in (403, 404)


class TestRefunding:
    def payment(self, team):
        bill = sent_invoice(team.mona)
        return made(pay(team.mona, bill["id"], 1000))["id"]

    def test_takes_part_then_all_of_it_back(self, team):
        pk = self.payment(team)
        act(team.mona, "payment", "refund", pk, amount="400", reason="Error")
        assert stored(team, Payment, pk).refunded_amount == 400
        shown = signed_in(team.mona.user).get(page("payment", "refund", pk))
        assert shown.context["form"]["amount"].value() == 600
        act(team.mona, "payment", "refund", pk, amount="600")
        assert stored(team, Payment, pk).status == "refunded"
        again = act(team.mona, "payment", "refund", pk, amount="1")
        assert messages_of(again)
        assert stored(team, Payment, pk).refunded_amount == 1000

    @pytest.mark.parametrize("amount", ["1000.01", "0", "1e400", "NaN", ""])
    def test_refuses_what_is_not_there(self, team, amount):
        pk = self.payment(team)
        answer = act(team.mona, "payment", "refund", pk, amount=amount)
        assert list(errors_of(answer)) == ["amount"]
        assert stored(team, Payment, pk).refunded_amount == 0

    def test_keeps_the_amount_of_what_was_refunded(self, team):
        pk = self.payment(team)
        act(team.mona, "payment", "refund", pk, amount="400")
        change(team.mona, "payment", pk, amount="5", reference="New")
        kept = stored(team, Payment, pk)
        assert (kept.amount, kept.reference) == (1000, "New")
        browser = signed_in(team.mona.user)
        shown = browser.post(page("payment", "delete", pk), {"post": "yes"}, follow=True)
        assert messages_of(shown)
        assert stored(team, Payment, pk).deleted_at is None

    def test_leaves_the_cancelled_invoice_as_it_is_when_its_page_is_saved(self, team):
        bill = sent_invoice(team.mona)
        pk = made(pay(team.mona, bill["id"], 1000))["id"]
        act(team.mona, "payment", "refund", pk, amount="1000")
        done(team.mona.post(f"{INVOICES}/{bill['id']}/cancel"))
        wants(team, "payment.updated")
        before = stored(team, Payment, pk)
        shown = timezone.localtime(before.paid_at, team.tenant.zone)
        moment = {"paid_at_0": f"{shown:%Y-%m-%d}", "paid_at_1": f"{shown:%H:%M:%S}"}
        assert change(team.mona, "payment", pk, **moment).status_code == 302
        after = stored(team, Payment, pk)
        assert (after.paid_at, after.updated_at) == (before.paid_at, before.updated_at)
        assert events(team) == []
        assert change(team.mona, "payment", pk, reference="x", **moment).status_code == 302
        assert events(team) == ["payment.updated"]
        assert stored(team, Payment, pk).reference == "x"
        assert found(team, bill)["status"] == "cancelled"


class TestPayments:
    def test_are_put_right_and_deleted_with_their_invoice(self, team):
        bill = sent_invoice(team.mona)
        pk = made(pay(team.mona, bill["id"], 1000))["id"]
        assert change(team.mona, "payment", pk, amount="900", method="cash").status_code == 302
        assert found(team, bill)["amount_paid"] == 900
        answer = change(team.mona, "payment", pk, amount="208800.01")
        assert list(errors_of(answer)) == ["amount"]
        signed_in(team.mona.user).post(page("payment", "delete", pk), {"post": "yes"})
        assert found(team, bill)["amount_paid"] == 0

    def test_are_listed_in_the_same_statements(self, team, django_assert_max_num_queries):
        for _ in range(8):
            made(pay(team.mona, sent_invoice(team.mona)["id"], 5))
        browser = signed_in(team.mona.user)
        with django_assert_max_num_queries(12):
            shown = browser.get(page("payment", "changelist"), {"method": "transfer"})
        assert len(shown.context["cl"].result_list) == 8

    def test_are_not_added_without_their_invoice(self, team):
        assert signed_in(team.mona.user).get(page("payment", "add")).status_code == 403

    def test_of_others_are_not_there(self, team, rivals):
        pk = made(pay(team.mona, sent_invoice(team.mona)["id"], 5))["id"]
        for person in (team.bob, rivals.ada):
            browser = signed_in(person.user)
            for name in ("change", "refund", "delete"):
                assert browser.post(page("payment", name, pk)).status_code in (403, 404)
            assert browser.get(page("payment", "changelist")).context["cl"].result_count == 0
        assert done(team.mona.get(f"{PAYMENTS}/{pk}"))["refunded_amount"] == 0

    def test_are_looked_at_by_a_viewer(self, team):
        pk = made(pay(team.mona, sent_invoice(team.mona)["id"], 5))["id"]
        browser = signed_in(team.victor.user)
        shown = browser.get(page("payment", "change", pk))
        assert shown.status_code == 200
        assert browser.post(page("payment", "change", pk), {"amount": 1}).status_code == 403


class TestRaces:
    def test_a_page_that_is_too_late_is_refused(self, team):
        bill = sent_invoice(team.mona)
        browser, path = signed_in(team.mona.user), page("invoice", "pay", bill["id"])
        sent = filled_in(browser.get(path))
        for _ in range(2):
            browser.post(path, sent)
        assert len(payments(team)) == 1
