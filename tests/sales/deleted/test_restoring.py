"""Deleted drafts and payments come back in the back office, where nothing took their place."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from sales.models import Contract, Invoice, Payment, Quote
from tests.sales.desk.pages import act, page
from tests.sales.documents.documents_of import (
    CONTRACTS,
    INVOICES,
    PAYMENTS,
    QUOTES,
    approved_quote,
    contract,
    done,
    invoice,
    made,
    pay,
    quote,
    sent_invoice,
    stored,
)
from tests.staff import messages_of, signed_in

KINDS = {
    "quote": (Quote, QUOTES, quote),
    "invoice": (Invoice, INVOICES, invoice),
    "contract": (Contract, CONTRACTS, contract),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def restore(person, kind, *pks):
    """Restore what is selected in the list of the deleted; what the page says then."""
    chosen = {"action": "restore", ACTION_CHECKBOX_NAME: pks}
    path = page(f"deleted{kind}", "changelist")
    return messages_of(signed_in(person.user).post(path, chosen, follow=True))


def deleted(person, kind):
    _model, path, make = KINDS[kind]
    row = make(person)
    assert person.delete(f"{path}/{row['id']}").status_code == 200
    return row


class TestDrafts:
    @every_kind
    def test_come_back_as_they_were(self, team, kind):
        path, gone = KINDS[kind][1], deleted(team.mona, kind)
        assert team.mona.get(f"{path}/{gone['id']}").status_code == 404
        assert "1" in restore(team.mona, kind, gone["id"])
        back = done(team.mona.get(f"{path}/{gone['id']}"))
        assert {**back, "updated_at": 0} == {**gone, "updated_at": 0}

    @every_kind
    def test_come_back_from_their_own_page(self, team, kind):
        gone = deleted(team.mona, kind)
        shown = signed_in(team.mona.user).get(page(f"deleted{kind}", "change", gone["id"]))
        assert gone[f"{kind}_number"] in shown.content.decode()
        act(team.mona, f"deleted{kind}", "restore_one", gone["id"])
        assert stored(team, KINDS[kind][0], gone["id"]).deleted_at is None

    def test_are_told_to_be_back_already(self, team):
        gone = deleted(team.mona, "quote")
        path = page("deletedquote", "restore_one", gone["id"])
        browser = signed_in(team.mona.user)
        assert [browser.post(path).status_code for _ in range(2)] == [302, 404]
        assert stored(team, Quote, gone["id"]).deleted_at is None

    @every_kind
    def test_are_for_those_who_may_delete(self, team, rivals, kind):
        gone = deleted(team.mona, kind)
        listed, shown = page(f"deleted{kind}", "changelist"), f"deleted{kind}"
        assert signed_in(team.alice.user).get(listed).status_code == 403
        browser = signed_in(rivals.ada.user)
        assert gone[f"{kind}_number"] not in browser.get(listed).content.decode()
        browser.post(page(shown, "restore_one", gone["id"]))
        browser.post(listed, {"action": "restore", ACTION_CHECKBOX_NAME: [gone["id"]]})
        assert stored(team, KINDS[kind][0], gone["id"]).deleted_at is not None

    @pytest.mark.parametrize("kind", ["invoice", "contract"])
    def test_stay_away_while_their_quote_has_become_another(self, team, kind):
        model, path, _make = KINDS[kind]
        offer = approved_quote(team.mona, title="Plan")
        first = made(team.mona.post(path, {"quote_id": offer["id"]}))
        team.mona.delete(f"{path}/{first['id']}")
        second = made(team.mona.post(path, {"quote_id": offer["id"]}))
        told = restore(team.mona, kind, first["id"])
        assert "Esto ya se hizo antes de la cotización" in told
        assert stored(team, model, first["id"]).deleted_at is not None
        team.mona.delete(f"{path}/{second['id']}")
        restore(team.mona, kind, first["id"])
        assert stored(team, model, first["id"]).deleted_at is None

    def test_are_found_by_person(self, team):
        gone = deleted(team.mona, "quote")
        listed, browser = page("deletedquote", "changelist"), signed_in(team.mona.user)
        found, none = (browser.get(listed, {"q": text}) for text in ("maria", "nobody"))
        assert [row.pk for row in found.context["cl"].result_list] == [gone["id"]]
        assert not none.context["cl"].result_list


class TestPayments:
    def gone(self, team, bill, amount):
        paid = made(pay(team.mona, bill["id"], amount))
        assert team.mona.delete(f"{PAYMENTS}/{paid['id']}").status_code == 200
        return paid

    def test_settle_their_invoice_again(self, team):
        bill = sent_invoice(team.mona)
        paid = self.gone(team, bill, bill["total"])
        assert done(team.mona.get(f"{INVOICES}/{bill['id']}"))["status"] == "sent"
        restore(team.mona, "payment", paid["id"])
        assert done(team.mona.get(f"{INVOICES}/{bill['id']}"))["status"] == "paid"
        assert done(team.mona.get(f"{PAYMENTS}/{paid['id']}"))["amount"] == bill["total"]

    def test_never_overpay_it(self, team):
        bill = sent_invoice(team.mona)
        paid = self.gone(team, bill, 100)
        made(pay(team.mona, bill["id"], bill["total"] - 99))
        told = restore(team.mona, "payment", paid["id"])
        assert "se debe menos que este pago" in told
        assert stored(team, Payment, paid["id"]).deleted_at is not None
        due = done(team.mona.get(f"{INVOICES}/{bill['id']}"))["amount_due"]
        assert due == 99

    def test_stay_away_from_a_cancelled_one(self, team):
        bill = sent_invoice(team.mona)
        paid = self.gone(team, bill, 100)
        done(team.mona.post(f"{INVOICES}/{bill['id']}/cancel"))
        restore(team.mona, "payment", paid["id"])
        assert stored(team, Payment, paid["id"]).deleted_at is not None
        assert stored(team, Invoice, bill["id"]).status == "cancelled"

    def test_come_back_together_as_far_as_they_are_due(self, team):
        bill = sent_invoice(team.mona)
        first, second = (self.gone(team, bill, bill["total"] - 1) for _ in range(2))
        restore(team.mona, "payment", first["id"], second["id"])
        gone = [stored(team, Payment, one["id"]).deleted_at is None for one in (first, second)]
        assert gone == [True, False]
