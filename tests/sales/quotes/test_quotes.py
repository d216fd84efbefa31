"""`/api/v1/quotes`"""

from __future__ import annotations

import pytest

from core.tenancy import tenant_scope
from prospects.sharing.services import share_prospect
from sales.models import DocumentCounter, Quote, QuoteItem
from tests.accounts.notifications.told import told
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import contact, ids
from tests.sales.deals.deals_of import deal
from tests.sales.documents.documents_of import (
    HOURS,
    QUOTES,
    approved_quote,
    count,
    day,
    done,
    expired_quote,
    made,
    quote,
    sent_quote,
    stored,
)
from tests.sales.products.test_products import PRODUCTS, product


def act(person, made_before, what, body=None):
    return person.post(f"{QUOTES}/{made_before['id']}/{what}", body)


class TestCreating:
    def test_answers_what_the_contract_shows(self, team):
        maria = contact(team.alice)["id"]
        erp = deal(team, team.alice)["id"]
        offer = quote(
            team.alice,
            contact_id=maria,
            deal_id=erp,
            title="Propuesta de Servicios TI",
            currency="mxn",
            valid_until="2031-05-30",
            items=[
                {"description": "Licencia", "quantity": 1, "unit_price": 250000, "tax_rate": 16},
                {
                    "description": "Implementacion",
                    "quantity": 80,
                    "unit_price": 2500,
                    "discount_percent": 5,
                    "tax_rate": 16,
                },
            ],
        )
        assert (offer["quote_number"], offer["status"]) == ("COT-000001", "draft")
        assert (offer["subtotal"], offer["tax_total"], offer["total"]) == (440000, 70400, 510400)
        assert (offer["currency"], offer["valid_until"]) == ("MXN", "2031-05-30")
        assert (offer["contact_id"], offer["deal_id"]) == (maria, erp)
        assert offer["owner_id"] == team.alice.id
        first, second = offer["items"]
        assert (first["description"], first["quantity"], first["total"]) == ("Licencia", 1, 290000)
        assert (second["discount_percent"], second["subtotal"], second["tax"]) == (5, 190000, 30400)

    def test_takes_what_a_line_leaves_out_from_its_product(self, team):
        hours = product(team.ada, name="Hora", unit_price=1500, tax_rate=16)["id"]
        offer = quote(team.alice, items=[{"product_id": hours, "quantity": 2}])
        (item,) = offer["items"]
        assert (item["product_id"], item["description"], item["total"]) == (hours, "Hora", 3480)
        dear = {"product_id": hours, "quantity": 2, "unit_price": 2000, "description": "Urgente"}
        (item,) = quote(team.alice, items=[dear])["items"]
        assert (item["description"], item["total"]) == ("Urgente", 4640)

    def test_refuses_a_product_sold_in_another_currency(self, team):
        hours = product(team.ada, name="Hora", unit_price=1500)["id"]
        body = {
            "contact_id": contact(team.alice)["id"],
            "currency": "USD",
            "items": [{"product_id": hours, "quantity": 2}],
        }
        answer = team.alice.post(QUOTES, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["items.0.unit_price"])

    def test_has_no_cents_in_a_currency_without(self, team):
        item = {"description": "x", "quantity": 3, "unit_price": "333.50", "tax_rate": 10}
        assert quote(team.alice, currency="JPY", items=[item])["total"] == 1101

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("contact_id", None),
            ("contact_id", 999),
            ("contact_id", "x"),
            ("contact_id", True),
            ("contact_id", 10**20),
            ("deal_id", 999),
            ("currency", "XXX"),
            ("currency", "MXN1234567890"),
            ("currency", None),
            ("title", "x" * 256),
            ("title", "a\0b"),
            ("notes", "x" * 10_001),
            ("valid_until", "soon"),
            ("valid_until", "2026-02-30"),
            ("owner_id", 999),
            ("items", []),
            ("items", "x"),
            ("items", {}),
            ("items", ["x"]),
            ("items", [HOURS] * 10_000),
        ],
    )
    def test_refuses_what_is_wrong_and_writes_nothing(self, team, field, value):
        body = {"contact_id": contact(team.alice)["id"], "items": [HOURS], field: value}
        answer = team.alice.post(QUOTES, body)
        assert answer.status_code == 422, answer.content
        assert [name.split(".")[0] for name in answer.json()["errors"]] == [field]
        assert (count(team, Quote), counters(team)) == (0, 0)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("quantity", "1e400"),
            ("quantity", "NaN"),
            ("quantity", "Infinity"),
            ("quantity", "0." + "1" * 30),
            ("quantity", 0),
            ("quantity", -1),
            ("quantity", None),
            ("quantity", True),
            ("quantity", []),
            ("quantity", "99999999999999"),
            ("unit_price", "1e400"),
            ("unit_price", -0.01),
            ("unit_price", "0.001"),
            ("unit_price", "sNaN"),
            ("unit_price", "1" * 2000),
            ("tax_rate", 100.01),
            ("tax_rate", -1),
            ("discount_percent", 101),
            ("discount_percent", "half"),
            ("description", ""),
            ("description", None),
            ("description", "x" * 1001),
            ("description", "a\0b"),
            ("product_id", 999),
        ],
    )
    def test_refuses_a_line_that_is_wrong(self, team, field, value):
        body = {"contact_id": contact(team.alice)["id"], "items": [HOURS, {**HOURS, field: value}]}
        answer = team.alice.post(QUOTES, body)
        assert answer.status_code == 422, answer.content
        assert list(answer.json()["errors"]) == [f"items.1.{field}"]
        assert (count(team, Quote), counters(team)) == (0, 0)

    def test_refuses_more_than_can_be_kept(self, team):
        dear = {**HOURS, "quantity": 1, "unit_price": "900000000000.00"}
        body = {"contact_id": contact(team.alice)["id"], "items": [dear]}
        answer = team.alice.post(QUOTES, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["items"])

    @pytest.mark.parametrize("field", ["contact_id", "items"])
    def test_needs(self, team, field):
        body = {"contact_id": contact(team.alice)["id"], "items": [HOURS]}
        del body[field]
        answer = team.alice.post(QUOTES, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])

    def test_refuses_people_and_deals_that_the_caller_does_not_see(self, team, rivals):
        mine = contact(team.alice)["id"]
        bobs, theirs = contact(team.bob)["id"], contact(rivals.alice)["id"]
        for contact_id in (bobs, theirs):
            answer = team.alice.post(QUOTES, {"contact_id": contact_id, "items": [HOURS]})
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["contact_id"])
        bobs_deal = deal(team, team.bob)["id"]
        body = {"contact_id": mine, "deal_id": bobs_deal, "items": [HOURS]}
        answer = team.alice.post(QUOTES, body)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["deal_id"])

    def test_keeps_markup_as_the_text_that_it_is(self, team):
        name = "<script>alert(1)</script>{{ 7 * 7 }}{% now 'Y' %}"
        offer = quote(team.alice, title=name, items=[{**HOURS, "description": name}])
        assert (offer["title"], offer["items"][0]["description"]) == (name, name)


def counters(team):
    """How many numbers were given."""
    with tenant_scope(team.tenant.pk):
        return DocumentCounter.objects.count()


class TestList:
    def test_shows_the_newest_first_with_their_items(self, team):
        made_before = [quote(team.alice)["id"] for _ in range(3)]
        page = team.alice.get(QUOTES)
        assert ids(page) == made_before[::-1]
        assert [len(row["items"]) for row in page.json()["data"]] == [1, 1, 1]

    @pytest.mark.parametrize("rows", [1, 12])
    def test_takes_five_statements_at_most(self, team, rows, django_assert_max_num_queries):
        for _ in range(rows):
            quote(team.alice)
        for person in (team.alice, team.mona):
            with django_assert_max_num_queries(5):
                assert len(ids(person.get(QUOTES, {"status": "draft"}))) == rows

    def test_is_filtered(self, team):
        maria, erp = contact(team.alice)["id"], deal(team, team.alice)["id"]
        by_maria = quote(team.alice, contact_id=maria)["id"]
        of_deal = quote(team.alice, deal_id=erp)["id"]
        gone = expired_quote(team.alice)["id"]
        waiting = sent_quote(team.alice, valid_until=day(2))["id"]
        assert ids(team.alice.get(QUOTES, {"contact_id": maria})) == [by_maria]
        assert ids(team.alice.get(QUOTES, {"deal_id": erp})) == [of_deal]
        assert ids(team.alice.get(QUOTES, {"status": "draft"})) == [of_deal, by_maria]
        assert ids(team.alice.get(QUOTES, {"status": "sent"})) == [waiting]
        assert ids(team.alice.get(QUOTES, {"status": "expired"})) == [gone]
        assert ids(team.alice.get(QUOTES, {"sort": "number", "per_page": 1})) == [by_maria]

    @pytest.mark.parametrize(
        "query", [{"contact_id": "x"}, {"deal_id": "-1"}, {"status": "lost"}, {"sort": "colour"}]
    )
    def test_refuses_what_cannot_be_read(self, team, query):
        answer = team.alice.get(QUOTES, query)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, list(query))

    def test_shows_what_the_caller_sees(self, team, rivals):
        mine = quote(team.alice)["id"]
        on_bobs_card = card(team, owner=team.bob, name="Juan")
        with tenant_scope(team.tenant.pk):
            juan = on_bobs_card.contacts.get().pk
        of_bobs = quote(team.mona, contact_id=juan)["id"]
        quote(rivals.ada)
        assert ids(team.alice.get(QUOTES)) == [mine]
        assert ids(team.bob.get(QUOTES)) == [of_bobs]
        assert ids(team.victor.get(QUOTES)) == [of_bobs, mine]
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=on_bobs_card.pk,
                user_id=team.alice.id,
                level="view",
                by=team.mona.user,
            )
        assert ids(team.alice.get(QUOTES)) == [of_bobs, mine]
        assert team.alice.put(f"{QUOTES}/{of_bobs}", {"title": "x"}).status_code == 403


class TestChanging:
    def test_writes_what_was_sent_alone(self, team):
        offer = quote(team.alice, title="Old", notes="Stay")
        changed = done(team.alice.put(f"{QUOTES}/{offer['id']}", {"title": "New"}))
        assert (changed["title"], changed["notes"], changed["items"]) == (
            "New",
            "Stay",
            offer["items"],
        )

    def test_replaces_items_and_sums(self, team):
        offer = quote(team.alice)
        body = {"items": [{**HOURS, "quantity": 1}, {**HOURS, "quantity": 2, "tax_rate": 8}]}
        changed = done(team.alice.put(f"{QUOTES}/{offer['id']}", body))
        assert (changed["subtotal"], changed["tax_total"]) == (4500, 480)
        assert [item["quantity"] for item in changed["items"]] == [1, 2]
        with tenant_scope(team.tenant.pk):
            assert QuoteItem.objects.count() == 2

    def test_prices_anew_in_another_currency(self, team):
        item = {"description": "x", "quantity": 1, "unit_price": "10.40"}
        offer = quote(team.alice, items=[item])
        changed = done(team.alice.put(f"{QUOTES}/{offer['id']}", {"currency": "JPY"}))
        assert (changed["total"], changed["items"][0]["total"]) == (10, 10)

    def test_keeps_a_product_that_was_deleted_since(self, team):
        sold = product(team.mona, name="Licencia", currency="MXN")["id"]
        item = {"product_id": sold, "quantity": 2}
        offer = quote(team.mona, items=[item])
        url = f"{QUOTES}/{offer['id']}"
        assert team.mona.delete(f"{PRODUCTS}/{sold}").status_code == 200
        assert done(team.mona.put(url, done(team.mona.get(url))))["total"] == offer["total"]
        changed = done(team.mona.put(url, {"currency": "USD"}))
        (line,) = changed["items"]
        assert (line["description"], line["unit_price"], changed["currency"]) == (
            "Licencia",
            1500,
            "USD",
        )
        assert line["product_id"] == sold
        anew = team.mona.post(QUOTES, {"contact_id": offer["contact_id"], "items": [item]})
        assert (anew.status_code, list(anew.json()["errors"])) == (422, ["items.0.product_id"])
        unsaid = team.mona.put(url, {"items": [item]})
        assert (unsaid.status_code, list(unsaid.json()["errors"])) == (422, ["items.0.description"])

    def test_takes_whole_lines(self, team):
        offer = quote(team.alice)
        url = f"{QUOTES}/{offer['id']}"
        refused = team.alice.put(url, {"items": [{"description": "x", "unit_price": 5}]})
        assert (refused.status_code, list(refused.json()["errors"])) == (422, ["items.0.quantity"])
        assert done(team.alice.get(url))["items"] == offer["items"]

    def test_of_a_sent_one_takes_dates_and_notes_only(self, team):
        offer = sent_quote(team.alice)
        body = {"valid_until": day(9), "notes": "Call first"}
        changed = done(team.alice.put(f"{QUOTES}/{offer['id']}", body))
        assert (changed["valid_until"], changed["notes"]) == (day(9), "Call first")
        for body in (
            {"items": [{**HOURS, "quantity": 1}]},
            {"title": "New"},
            {"currency": "USD"},
        ):
            answer = team.alice.put(f"{QUOTES}/{offer['id']}", body)
            assert answer.status_code == 409, answer.content
            assert "sent" in answer.json()["message"]
        assert stored(team, Quote, offer["id"]).total == 208800

    def test_takes_the_whole_document_back_as_it_was_answered(self, team):
        offer = sent_quote(team.alice, title="Same")
        assert done(team.alice.put(f"{QUOTES}/{offer['id']}", offer))["title"] == "Same"

    def test_brings_an_expired_one_back_by_a_later_date(self, team):
        offer = expired_quote(team.alice)
        assert done(team.alice.get(f"{QUOTES}/{offer['id']}"))["status"] == "expired"
        changed = done(team.alice.put(f"{QUOTES}/{offer['id']}", {"valid_until": day(5)}))
        assert changed["status"] == "sent"

    def test_cancels_by_its_status_but_sets_no_other(self, team):
        offer = quote(team.alice)
        for state in ("approved", "sent", "nonsense"):
            answer = team.alice.put(f"{QUOTES}/{offer['id']}", {"status": state})
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["status"])
        body = {"status": "cancelled"}
        assert done(team.alice.put(f"{QUOTES}/{offer['id']}", body))["status"] == "cancelled"


class TestMoves:
    def test_send_may_be_repeated(self, team):
        offer = sent_quote(team.alice)
        assert offer["sent_at"]
        assert done(act(team.alice, offer, "send"))["status"] == "sent"

    def test_send_refuses_what_would_be_expired_at_once(self, team):
        offer = quote(team.alice, valid_until=day(-1))
        answer = act(team.alice, offer, "send")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["valid_until"])
        found = done(team.alice.get(f"{QUOTES}/{offer['id']}"))
        assert (found["status"], found["sent_at"]) == ("draft", None)
        done(team.alice.put(f"{QUOTES}/{offer['id']}", {"valid_until": day()}))
        assert done(act(team.alice, offer, "send"))["status"] == "sent"

    def test_approve_tells_the_owner_once(self, team):
        offer = approved_quote(team.alice)
        assert (offer["status"], bool(offer["decided_at"])) == ("approved", True)
        assert [kind for kind, *_ in told(team.alice)] == ["quote_approved"]

    def test_reject_keeps_the_reason_and_tells_it(self, team):
        offer = sent_quote(team.alice)
        rejected = done(act(team.alice, offer, "reject", {"reason": "Presupuesto"}))
        assert (rejected["status"], rejected["reject_reason"]) == ("rejected", "Presupuesto")
        ((kind, body, url),) = told(team.alice)
        assert (kind, url) == ("quote_rejected", f"/quotes/{offer['id']}")
        assert "Presupuesto" in body

    @pytest.mark.parametrize(
        ("state", "what"),
        [
            ("draft", "approve"),
            ("draft", "reject"),
            ("approved", "approve"),
            ("approved", "reject"),
            ("approved", "send"),
            ("approved", "cancel"),
            ("rejected", "approve"),
            ("expired", "approve"),
            ("expired", "send"),
            ("cancelled", "send"),
            ("cancelled", "cancel"),
        ],
    )
    def test_that_do_not_fit_the_state_are_409_and_name_it(self, team, state, what):
        offer = in_state(team.alice, state)
        answer = act(team.alice, offer, what, {})
        assert answer.status_code == 409, answer.content
        assert f"is {state}" in answer.json()["message"]
        assert done(team.alice.get(f"{QUOTES}/{offer['id']}"))["status"] == state

    def test_on_a_colleagues_quote_find_none(self, team):
        offer = sent_quote(team.alice)
        for what in ("send", "approve", "reject", "cancel"):
            assert act(team.bob, offer, what, {}).status_code == 404

    @pytest.mark.parametrize("reason", ["x" * 1001, "a\0b", []])
    def test_refuse_a_reason_that_is_none(self, team, reason):
        offer = sent_quote(team.alice)
        answer = act(team.alice, offer, "reject", {"reason": reason})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["reason"])


def in_state(person, state):
    if state == "draft":
        return quote(person)
    if state == "expired":
        return expired_quote(person)
    offer = sent_quote(person)
    if state != "sent":
        done(act(person, offer, {"approved": "approve", "rejected": "reject"}.get(state, "cancel")))
    return offer


class TestDeleting:
    def test_takes_a_draft_out_of_every_list(self, team):
        offer = quote(team.ada)
        assert team.ada.delete(f"{QUOTES}/{offer['id']}").status_code == 200
        assert ids(team.ada.get(QUOTES)) == []
        assert team.ada.get(f"{QUOTES}/{offer['id']}").status_code == 404
        assert stored(team, Quote, offer["id"]).deleted_at

    @pytest.mark.parametrize("state", ["sent", "approved", "rejected", "expired", "cancelled"])
    def test_refuses_what_is_no_draft(self, team, state):
        offer = in_state(team.ada, state)
        answer = team.ada.delete(f"{QUOTES}/{offer['id']}")
        assert (answer.status_code, state in answer.json()["message"]) == (409, True)


class TestPeopleWithDocuments:
    def test_cannot_be_deleted(self, team):
        maria = contact(team.ada)["id"]
        sent_quote(team.ada, contact_id=maria)
        assert team.ada.delete(f"/api/v1/contacts/{maria}").status_code == 409
        assert team.ada.get(f"/api/v1/contacts/{maria}").status_code == 200

    def test_keep_their_card_and_company(self, team):
        company = made(team.ada.post("/api/v1/companies", {"name": "Norte"}))["id"]
        maria = contact(team.ada, company_id=company)["id"]
        sent_quote(team.ada, contact_id=maria)
        assert team.ada.delete(f"/api/v1/companies/{company}").status_code == 409
        assert team.ada.get(f"/api/v1/companies/{company}").status_code == 200
        prospect = card(team, owner=team.ada, name="Juan")
        with tenant_scope(team.tenant.pk):
            juan = prospect.contacts.get().pk
        sent_quote(team.ada, contact_id=juan)
        assert team.ada.delete(f"/prospects/{prospect.pk}").status_code == 409
        assert team.ada.get(f"/prospects/{prospect.pk}").status_code == 200

    def test_of_drafts_alone_can_and_then_the_draft_cannot_be_sent(self, team):
        maria = contact(team.ada)["id"]
        offer = quote(team.ada, contact_id=maria)
        assert team.ada.delete(f"/api/v1/contacts/{maria}").status_code == 200
        assert act(team.ada, offer, "send").status_code == 409
