"""`/api/v1/invoices`"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Tenant
from core.tenancy import tenant_scope
from sales.invoices.overdue import tell_overdue
from sales.invoices.tasks import tell_all_overdue
from sales.models import Invoice
from tests.accounts.notifications.told import told
from tests.sales.contacts.contacts_of import contact, ids
from tests.sales.deals.deals_of import DEALS, deal
from tests.sales.documents.documents_of import (
    CONTRACTS,
    HOURS,
    INVOICES,
    approved_quote,
    count,
    day,
    done,
    invoice,
    made,
    pay,
    quote,
    sent_invoice,
    stored,
)
from tests.sales.products.test_products import PRODUCTS, product


def act(person, bill, what):
    return person.post(f"{INVOICES}/{bill['id']}/{what}")


def late_invoice(person):
    return sent_invoice(person, issued_at=day(-40), due_at=day(-1))


def in_state(person, state):
    if state == "draft":
        return invoice(person)
    if state == "overdue":
        return late_invoice(person)
    bill = sent_invoice(person)
    if state == "paid":
        made(pay(person, bill["id"], bill["total"]))
    if state == "cancelled":
        done(act(person, bill, "cancel"))
    return bill


class TestCreating:
    def test_answers_what_the_contract_shows(self, team):
        bill = invoice(team.mona, issued_at="2025-04-05", due_at="2025-05-05", notes="Transferir")
        assert (bill["invoice_number"], bill["status"]) == ("FAC-000001", "draft")
        assert (bill["total"], bill["amount_paid"], bill["amount_due"]) == (208800, 0, 208800)
        assert bill["issued_at"] == "2025-04-05T00:00:00.000000Z"
        assert bill["due_at"] == "2025-05-05T00:00:00.000000Z"
        assert (bill["notes"], len(bill["items"])) == ("Transferir", 1)
        (row,) = team.mona.get(INVOICES).json()["data"]
        assert (row["id"], row["amount_due"], "items" in row) == (bill["id"], 208800, False)

    def test_is_issued_today_in_the_tenants_currency(self, team):
        bill = invoice(team.mona)
        assert (
            bill["issued_at"] == f"{timezone.localdate(timezone=team.tenant.zone)}T00:00:00.000000Z"
        )
        assert (bill["currency"], bill["due_at"]) == ("MXN", None)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("due_at", "2020-01-01"),
            ("due_at", "soon"),
            ("issued_at", None),
            ("quote_id", 999),
            ("items", []),
            ("contact_id", 999),
            ("currency", "PESOS"),
        ],
    )
    def test_refuses_what_is_wrong_and_writes_nothing(self, team, field, value):
        body = {"contact_id": contact(team.mona)["id"], "items": [HOURS], field: value}
        answer = team.mona.post(INVOICES, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
        assert count(team, Invoice) == 0


class TestOfAQuote:
    def test_takes_over_what_is_not_sent(self, team):
        offer = approved_quote(team.mona, title="ERP", terms="30 dias")
        body = {"quote_id": offer["id"], "items": [{**HOURS, "quantity": 60}]}
        bill = made(team.mona.post(INVOICES, body))
        assert (bill["title"], bill["terms"], bill["total"]) == ("ERP", "30 dias", 104400)

    def test_needs_it_to_be_approved(self, team):
        answer = team.mona.post(INVOICES, {"quote_id": quote(team.mona)["id"]})
        assert (answer.status_code, "is draft" in answer.json()["message"]) == (409, True)

    def test_happens_once_unless_the_first_was_cancelled(self, team):
        offer = approved_quote(team.mona)
        bill = made(team.mona.post(INVOICES, {"quote_id": offer["id"]}))
        answer = team.mona.post(INVOICES, {"quote_id": offer["id"]})
        assert (answer.status_code, "FAC-000001" in answer.json()["message"]) == (409, True)
        done(act(team.mona, bill, "cancel"))
        made(team.mona.post(INVOICES, {"quote_id": offer["id"]}))

    def test_keeps_text_and_price_of_a_deleted_product_and_leaves_a_deleted_deal_out(self, team):
        sold = product(team.mona, name="Licencia", currency="MXN")["id"]
        erp = deal(team, team.mona)["id"]
        items = [{"product_id": sold, "quantity": 2}]
        offer = approved_quote(team.mona, deal_id=erp, items=items)
        assert team.mona.delete(f"{PRODUCTS}/{sold}").status_code == 200
        assert team.ada.delete(f"{DEALS}/{erp}").status_code == 200
        bill = made(team.mona.post(INVOICES, {"quote_id": offer["id"]}))
        (line,) = bill["items"]
        assert (line["description"], line["unit_price"], bill["total"]) == ("Licencia", 1500, 3000)
        assert bill["deal_id"] is None
        agreed = made(team.mona.post(CONTRACTS, {"quote_id": offer["id"], "title": "x"}))
        assert (agreed["value"], agreed["deal_id"]) == (3000, None)

    def test_leaves_out_a_deal_that_whoever_bills_does_not_see(self, team):
        hers = {"contact_id": contact(team.alice)["id"], "owner_id": team.alice.id}
        offer = approved_quote(team.mona, deal_id=deal(team, team.bob)["id"], **hers)
        with tenant_scope(team.tenant.pk):
            allowed = Permission.objects.get(codename="add_invoice")
            team.alice.user.user_permissions.add(allowed)
        bill = made(team.alice.post(INVOICES, {"quote_id": offer["id"]}))
        assert (bill["deal_id"], bill["total"]) == (None, 208800)

    def test_keeps_its_currency_unless_other_items_are_sent(self, team):
        body = {"quote_id": approved_quote(team.mona)["id"], "currency": "USD"}
        answer = team.mona.post(INVOICES, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["currency"])
        assert count(team, Invoice) == 0
        bill = made(team.mona.post(INVOICES, {**body, "items": [{**HOURS, "unit_price": 80}]}))
        assert (bill["currency"], bill["total"]) == ("USD", 11136)

    def test_finds_no_other_tenants_quote(self, team, rivals):
        answer = team.mona.post(INVOICES, {"quote_id": approved_quote(rivals.mona)["id"]})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["quote_id"])


class TestStates:
    @pytest.mark.parametrize(
        ("state", "what"),
        [("paid", "send"), ("cancelled", "send"), ("paid", "cancel"), ("cancelled", "cancel")],
    )
    def test_refuse_what_does_not_fit_by_409_that_names_them(self, team, state, what):
        bill = in_state(team.mona, state)
        answer = act(team.mona, bill, what)
        assert (answer.status_code, f"is {state}" in answer.json()["message"]) == (409, True)

    def test_with_payments_is_not_cancelled(self, team):
        bill = sent_invoice(team.mona)
        made(pay(team.mona, bill["id"], 1))
        answer = act(team.mona, bill, "cancel")
        assert (answer.status_code, "is sent" in answer.json()["message"]) == (409, True)

    @pytest.mark.parametrize("state", ["sent", "overdue", "paid", "cancelled"])
    def test_other_than_draft_are_not_deleted_or_edited(self, team, state):
        bill = in_state(team.ada, state)
        items = {"items": [{**HOURS, "quantity": 1}]}
        for answer in (
            team.ada.delete(f"{INVOICES}/{bill['id']}"),
            team.ada.put(f"{INVOICES}/{bill['id']}", items),
        ):
            assert (answer.status_code, f"is {state}" in answer.json()["message"]) == (409, True)
        assert stored(team, Invoice, bill["id"]).total == 208800

    def test_over_nothing_is_paid_when_it_is_sent(self, team):
        free = sent_invoice(team.mona, items=[{**HOURS, "unit_price": 0}])
        assert (free["status"], free["amount_due"]) == ("paid", 0)

    def test_cancelled_by_put_or_post_owes_nothing(self, team):
        bill = sent_invoice(team.mona)
        body = {"status": "cancelled"}
        gone = done(team.mona.put(f"{INVOICES}/{bill['id']}", body))
        assert (gone["status"], gone["amount_due"]) == ("cancelled", 0)

    def test_cannot_be_broken_by_any_code(self, team):
        bill = sent_invoice(team.mona)
        with tenant_scope(team.tenant.pk):
            rows = Invoice.objects.filter(pk=bill["id"])
            for wrong in (
                {"amount_paid": 208801, "status": "paid"},
                {"amount_paid": -1},
                {"status": "paid"},
                {"total": 5},
                {"deleted_at": timezone.now()},
            ):
                with pytest.raises(IntegrityError), transaction.atomic():
                    rows.update(**wrong)


class TestOverdue:
    def test_is_what_is_unpaid_after_its_day(self, team):
        late = late_invoice(team.mona)
        today = sent_invoice(team.mona, issued_at=day(-40), due_at=day(1))
        assert late["status"] == "overdue"
        assert ids(team.mona.get(INVOICES, {"status": "overdue"})) == [late["id"]]
        assert ids(team.mona.get(INVOICES, {"status": "sent"})) == [today["id"]]
        later = done(team.mona.put(f"{INVOICES}/{late['id']}", {"due_at": day(9)}))
        assert later["status"] == "sent"

    def test_can_still_be_paid(self, team):
        late = late_invoice(team.mona)
        made(pay(team.mona, late["id"], late["total"]))
        assert done(team.mona.get(f"{INVOICES}/{late['id']}"))["status"] == "paid"

    def test_is_told_once_for_each_due_date(self, team):
        late = late_invoice(team.mona)
        assert (tell_all_overdue(), tell_all_overdue()) == (1, 0)
        ((kind, body, url),) = told(team.mona)
        assert (kind, url) == ("invoice_overdue", f"/invoices/{late['id']}")
        assert "FAC-000001" in body
        done(team.mona.put(f"{INVOICES}/{late['id']}", {"due_at": day(-1)}))
        assert tell_all_overdue() == 0
        done(team.mona.put(f"{INVOICES}/{late['id']}", {"due_at": day(-2)}))
        with tenant_scope(team.tenant.pk):
            assert tell_overdue(at=timezone.now()) == 1
        assert len(told(team.mona)) == 2

    def test_begins_with_the_day_where_the_tenant_is(self, team):
        sent_invoice(team.mona, issued_at="2026-03-01", due_at="2026-03-20")
        at = datetime(2026, 3, 20, 16, tzinfo=UTC)  # one o'clock on the 21st in Tokyo
        with tenant_scope(team.tenant.pk):
            assert tell_overdue(at=at) == 0
            Tenant.objects.filter(pk=team.tenant.pk).update(time_zone="Asia/Tokyo")
            assert tell_overdue(at=at) == 1


class TestList:
    @pytest.mark.parametrize("rows", [1, 9])
    def test_takes_five_statements_at_most(self, team, rows, django_assert_max_num_queries):
        for _ in range(rows):
            invoice(team.mona, owner_id=team.alice.id)
        for person in (team.alice, team.mona):
            with django_assert_max_num_queries(5):
                assert len(ids(person.get(INVOICES))) == rows

    def test_is_filtered_by_contact_and_quote(self, team):
        offer = approved_quote(team.mona)
        bill = made(team.mona.post(INVOICES, {"quote_id": offer["id"]}))
        invoice(team.mona)
        for query in ({"quote_id": offer["id"]}, {"contact_id": offer["contact_id"]}):
            assert ids(team.mona.get(INVOICES, query)) == [bill["id"]]
