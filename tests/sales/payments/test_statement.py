"""`GET /api/v1/contacts/{id}/statement`"""

from __future__ import annotations

from tests.sales.contacts.contacts_of import contact
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
