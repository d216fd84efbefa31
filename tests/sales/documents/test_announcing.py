"""What tenants' own systems are told about documents, payments and their mails."""

from __future__ import annotations

import pytest

from accounts.models import WebhookDelivery
from accounts.webhooks.events import known_events
from core.tenancy import tenant_scope
from sales.documents.announcing import EVENTS
from sales.invoices.tasks import tell_all_overdue
from tests.accounts.webhooks.test_emitting import events, told, wants
from tests.sales.documents.documents_of import (
    CONTRACTS,
    INVOICES,
    PAYMENTS,
    QUOTES,
    contract,
    day,
    done,
    invoice,
    made,
    pay,
    quote,
    sent_invoice,
)
from tests.sales.portal.visitors import visit
from tests.sales.sending.mails_of import link_to


@pytest.fixture(autouse=True)
def _endpoint(team):
    """Somebody wants to know all of it."""
    wants(team, *EVENTS)


def act(person, url, document, what, body=None):
    return done(person.post(f"{url}/{document['id']}/{what}", body))


class TestQuote:
    def test_is_told_from_its_creation_to_the_answer(self, team):
        for answer in ("approve", "reject"):
            offer = quote(team.mona)
            act(team.mona, QUOTES, offer, "send")
            act(team.mona, QUOTES, offer, answer)
        act(team.mona, QUOTES, quote(team.mona), "cancel")
        begun = ["quote.created", "quote.sent"]
        assert events(team) == [
            *(*begun, "quote.approved", *begun, "quote.rejected"),
            *("quote.created", "quote.cancelled"),
        ]

    def test_is_told_with_number_state_and_sums(self, team):
        offer = quote(team.mona, title="ERP", valid_until=day(3))
        act(team.mona, QUOTES, offer, "send")
        _event, data = told(team)[-1]
        shown = done(team.mona.get(f"{QUOTES}/{offer['id']}"))
        assert data.items() <= {**shown, "reject_reason": ""}.items()
        assert (data["quote_number"], data["status"]) == ("COT-000001", "sent")

    def test_answered_by_its_link_is_told_too(self, team):
        path, _offer = link_to(team, team.mona, "quote")
        visit(path).does("reject", reason="Too dear")
        event, data = told(team)[-1]
        assert (event, data["reject_reason"]) == ("quote.rejected", "Too dear")


class TestInvoice:
    def test_is_told_until_it_is_paid(self, team):
        bill = sent_invoice(team.mona, due_at=day(0))
        made(pay(team.mona, bill["id"], bill["total"]))
        before, after = events(team)[:2], set(events(team)[2:])
        assert before == ["invoice.created", "invoice.sent"]
        assert after == {"payment.created", "invoice.paid"}

    def test_is_told_once_when_it_is_overdue(self, team):
        sent_invoice(team.mona, issued_at=day(-9), due_at=day(-2))
        tell_all_overdue()
        tell_all_overdue()
        assert events(team)[2:] == ["invoice.overdue"]
        assert told(team)[-1][1]["status"] == "overdue"

    def test_is_told_when_it_is_cancelled(self, team):
        act(team.mona, INVOICES, invoice(team.mona), "cancel")
        assert events(team)[-1] == "invoice.cancelled"


class TestContract:
    def test_is_told_until_it_is_signed(self, team):
        agreed = contract(team.mona)
        act(team.mona, CONTRACTS, agreed, "send")
        act(team.mona, CONTRACTS, agreed, "sign")
        act(team.mona, CONTRACTS, contract(team.mona), "cancel")
        assert events(team) == [
            *("contract.created", "contract.sent", "contract.signed"),
            *("contract.created", "contract.cancelled"),
        ]

    def test_signed_by_its_link_is_told_too(self, team):
        path, _contract = link_to(team, team.mona, "contract")
        visit(path).signs()
        assert events(team)[-1] == "contract.signed"


class TestPayment:
    def test_is_told_whatever_becomes_of_it(self, team):
        bill = sent_invoice(team.mona)
        paid = [made(pay(team.mona, bill["id"], 10))["id"] for _ in range(2)]
        assert events(team)[2:] == ["payment.created", "payment.created"]
        with tenant_scope(team.tenant.pk):  # in one transaction, what is new is not also changed
            WebhookDelivery.objects.all().delete()
        done(team.mona.put(f"{PAYMENTS}/{paid[0]}", {"amount": 8}))
        done(team.mona.post(f"{PAYMENTS}/{paid[0]}/refund", {"amount": 3}))
        assert team.ada.delete(f"{PAYMENTS}/{paid[1]}").status_code == 200
        assert events(team) == ["payment.updated", "payment.refunded", "payment.deleted"]


class TestEvents:
    def test_can_be_chosen_by_their_names(self, team):
        assert set(EVENTS) <= set(known_events())

    def test_of_what_failed_are_not_told(self, team):
        agreed = contract(team.mona)
        before = events(team)
        assert team.mona.post(f"{QUOTES}/999/send").status_code == 404
        assert team.mona.post(f"{CONTRACTS}/{agreed['id']}/send", {"to": "x"}).status_code == 422
        assert events(team) == before


class TestVersions:
    @pytest.mark.parametrize(
        ("make", "url"), [(quote, QUOTES), (invoice, INVOICES), (contract, CONTRACTS)]
    )
    def test_of_documents_keep_others_from_writing_over_them(self, team, make, url):
        document = make(team.ada)
        path = f"{url}/{document['id']}"
        seen = team.ada.get(path)["ETag"]
        changed = team.ada.put(path, {"title": "Mine"}, HTTP_IF_MATCH=seen)
        assert (changed.status_code, changed["ETag"] != seen) == (200, True)
        late = team.mona.put(path, {"title": "Over it"}, HTTP_IF_MATCH=seen)
        assert late.status_code == 412
        assert team.ada.delete(path, HTTP_IF_MATCH=seen).status_code == 412
        assert done(team.ada.get(path))["title"] == "Mine"
        answer = team.ada.post(f"{path}/send")
        assert answer["ETag"] != changed["ETag"]
        with tenant_scope(team.tenant.pk):
            assert answer["ETag"] == team.ada.get(path)["ETag"]
