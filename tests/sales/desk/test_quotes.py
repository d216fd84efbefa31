"""Quotes in the back office: written with their lines, sent, decided, made into other documents."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.mailing.models import DocumentMail
from sales.models import Contract, Invoice, Quote
from sales.products.services import create_product, delete_product
from tests.sales.contacts.contacts_of import contact
from tests.sales.desk.pages import act, add, change, lines, page, totals
from tests.sales.documents.documents_of import (
    HOURS,
    QUOTES,
    approved_quote,
    count,
    day,
    done,
    expired_quote,
    quote,
    sent_quote,
    stored,
)
from tests.staff import errors_of, filled_in, messages_of, signed_in

HOURS_TYPED = {"description": "Consultoria", "quantity": "120", "unit_price": "1500"}
HOURS_TYPED |= {"tax_rate": "16", "discount_percent": ""}
NASTY = "<script>alert(1)</script>{{ 7*7 }}"


def product(team, **values):
    with tenant_scope(team.tenant.pk):
        return create_product(values={"name": "Licencia", "unit_price": Decimal("99.99"), **values})


def items_of(person, pk):
    return done(person.get(f"{QUOTES}/{pk}"))["items"]


class TestWriting:
    def test_makes_a_draft_with_its_lines_as_the_api_does(self, team):
        maria = contact(team.alice)["id"]
        answer = add(team.alice, "quote", HOURS_TYPED, contact=maria, title="Plan")
        assert answer.status_code == 302, errors_of(answer)
        (made,) = done(team.alice.get(QUOTES))
        assert (made["quote_number"], made["total"]) == ("COT-000001", 208800)
        assert (made["owner_id"], made["currency"]) == (team.alice.id, "MXN")

    def test_takes_from_the_product_what_is_left_empty(self, team):
        sold = product(team, tax_rate=16, currency="MXN")
        typed = {"product": sold.pk, "quantity": "3"}
        add(team.alice, "quote", typed, contact=contact(team.alice)["id"])
        (made,) = done(team.alice.get(QUOTES))
        (item,) = items_of(team.alice, made["id"])
        assert (item["description"], item["product_id"]) == ("Licencia", sold.pk)
        assert (item["subtotal"], item["tax"], item["total"]) == (299.97, 48, 347.97)

    def test_leaves_lines_that_nobody_touched(self, team):
        offer = quote(team.alice)
        known = items_of(team.alice, offer["id"])
        assert change(team.alice, "quote", offer["id"], title="Other").status_code == 302
        assert items_of(team.alice, offer["id"]) == known
        assert done(team.alice.get(f"{QUOTES}/{offer['id']}"))["title"] == "Other"

    def test_sent_twice_by_a_double_click_changes_once(self, team):
        offer = quote(team.alice)
        browser, path = signed_in(team.alice.user), page("quote", "change", offer["id"])
        sent = filled_in(browser.get(path), **{"items-0-quantity": "2"})
        for _ in range(2):
            assert browser.post(path, sent).status_code == 302
        (item,) = items_of(team.alice, offer["id"])
        assert item["quantity"] == 2

    def test_adds_changes_and_removes_lines(self, team):
        offer = quote(team.alice, items=[HOURS, HOURS])
        gone = {**HOURS_TYPED, "DELETE": "on"}
        typed = [{**HOURS_TYPED, "quantity": "1"}, gone, {**HOURS_TYPED, "description": "Viaje"}]
        assert change(team.alice, "quote", offer["id"], *typed).status_code == 302
        found = [
            (each["quantity"], each["description"]) for each in items_of(team.alice, offer["id"])
        ]
        assert found == [(1, "Consultoria"), (120, "Viaje")]

    def test_keeps_a_product_that_was_deleted_since(self, team):
        sold = product(team, currency="MXN")
        offer = quote(team.alice, items=[{"product_id": sold.pk, "quantity": 2}])["id"]
        with tenant_scope(team.tenant.pk):
            delete_product(product_id=sold.pk, at=timezone.now())
        browser, path = signed_in(team.alice.user), page("quote", "change", offer)
        shown = browser.get(path)
        assert f'<option value="{sold.pk}" selected>Licencia' in shown.content.decode()
        totals_url = shown.context["totals_url"]
        sent = {**filled_in(shown), "title": "Renamed"}
        assert browser.post(totals_url, sent).json()["sums"][2][1] == "199.98"
        assert browser.post(path, sent).status_code == 302
        (item,) = items_of(team.alice, offer)
        assert (item["product_id"], item["total"]) == (sold.pk, 199.98)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("quantity", value) for value in ("1e400", "NaN", "Infinity", "0", "-1", "x", "")),
            ("quantity", "0." + "1" * 30),
            ("quantity", "9" * 40),
            *(("unit_price", value) for value in ("1e400", "-1", "0.001", "NaN")),
            *(("discount_percent", value) for value in ("100.1", "-1", "NaN")),
            *(("tax_rate", value) for value in ("1e9", "16,00,00")),
            *(("product", value) for value in ("999999999", "x", "1" * 30, "\u0661")),
            ("description", "x" * 1001),
        ],
    )
    def test_refuses_what_is_no_line(self, team, field, value):
        maria = contact(team.alice)["id"]
        answer = add(team.alice, "quote", {**HOURS_TYPED, field: value}, contact=maria)
        assert answer.status_code == 200
        (formset,) = [each.formset for each in answer.context["inline_admin_formsets"]]
        assert list(formset.errors[0]) == [field]
        assert count(team, Quote) == 0

    @pytest.mark.parametrize("field", ["description", "unit_price"])
    def test_asks_for_what_no_product_says(self, team, field):
        maria = contact(team.alice)["id"]
        answer = add(team.alice, "quote", {**HOURS_TYPED, field: ""}, contact=maria)
        (formset,) = [each.formset for each in answer.context["inline_admin_formsets"]]
        assert list(formset.errors[0]) == [field]

    def test_refuses_a_quote_without_lines(self, team):
        answer = add(team.alice, "quote", {"quantity": "1"}, contact=contact(team.alice)["id"])
        assert answer.status_code == 200
        assert count(team, Quote) == 0

    def test_names_the_line_that_the_service_refuses(self, team):
        sold = product(team, currency="USD")
        typed = [HOURS_TYPED, {"product": sold.pk, "quantity": "1"}]
        answer = add(team.alice, "quote", *typed, contact=contact(team.alice)["id"])
        assert "2" in str(errors_of(answer))
        assert "USD" in str(errors_of(answer))
        assert count(team, Quote) == 0

    def test_refuses_people_whom_one_does_not_see(self, team, rivals):
        for person in (team.bob, rivals.ada):
            answer = add(team.alice, "quote", HOURS_TYPED, contact=contact(person)["id"])
            assert list(errors_of(answer)) == ["contact"]

    @pytest.mark.parametrize(
        ("field", "value"), [("currency", "XX1"), ("title", "x" * 256), ("valid_until", "soon")]
    )
    def test_refuses_what_is_no_value(self, team, field, value):
        offer = quote(team.alice)
        answer = change(team.alice, "quote", offer["id"], **{field: value})
        assert list(errors_of(answer)) == [field]

    def test_shows_html_and_templates_as_text(self, team):
        typed = {**HOURS_TYPED, "description": NASTY}
        maria = contact(team.alice, first_name=NASTY)["id"]
        add(team.alice, "quote", typed, contact=maria, title=NASTY)
        (made,) = done(team.alice.get(QUOTES))
        browser = signed_in(team.alice.user)
        addresses = [page("quote", "changelist"), page("quote", "change", made["id"])]
        done(team.alice.post(f"{QUOTES}/{made['id']}/send"))
        for address in (*addresses, addresses[1]):
            text = browser.get(address).content.decode()
            assert "alert(1)" in text
            assert NASTY not in text
            assert "<script>alert" not in text

    def test_bears_five_hundred_lines(self, team):
        maria = contact(team.alice)["id"]
        answer = add(team.alice, "quote", *[HOURS_TYPED] * 500, contact=maria)
        assert answer.status_code == 302
        answer = add(team.alice, "quote", *[HOURS_TYPED] * 501, contact=maria)
        assert answer.status_code == 200
        assert count(team, Quote) == 1


class TestTotals:
    def test_are_those_that_are_kept(self, team):
        typed = {"description": "x", "quantity": "3", "unit_price": "33.35", "tax_rate": "16"}
        shown = totals(team.alice, "quote", typed, {**typed, "discount_percent": "12.5"})
        assert [amount for _, amount in shown["sums"]] == ["187.59", "30.02", "217.61"]
        assert shown["lines"]["0"]["total"] == "116.06"

    @pytest.mark.parametrize(
        ("quantity", "price", "currency", "total"),
        [
            ("1", "0.005", "MXN", None),
            ("0.5", "0.01", "MXN", "0.01"),
            ("0.5", "0.03", "USD", "0.02"),
            ("0.5", "1", "JPY", "1"),
            ("1.5", "1", "jpy", "2"),
            ("3", "1234.5", "JPY", "3,704"),
        ],
    )
    def test_round_half_up_and_know_currencies_without_cents(
        self, team, quantity, price, currency, total
    ):
        typed = {"description": "x", "quantity": quantity, "unit_price": price}
        shown = totals(team.alice, "quote", typed, currency=currency)
        found = shown["lines"]["0"]["total"] if shown["lines"] else None
        assert found == total

    def test_tell_what_a_product_fills_in(self, team):
        sold = product(team, tax_rate=16, currency="MXN")
        shown = totals(team.alice, "quote", {"product": sold.pk, "quantity": "2"})
        line = shown["lines"]["0"]
        assert (line["description"], line["unit_price"], line["tax_rate"], line["total"]) == (
            "Licencia",
            "99.99",
            "16",
            "231.98",
        )

    def test_leave_out_lines_that_are_not_whole_yet(self, team):
        typed = [HOURS_TYPED, {**HOURS_TYPED, "quantity": "1e400"}, {"quantity": "2"}]
        shown = totals(team.alice, "quote", *typed)
        assert list(shown["lines"]) == ["0"]
        assert shown["sums"][2][1] == "208,800.00"

    def test_say_what_cannot_be_priced(self, team):
        sold = product(team, currency="USD")
        shown = totals(team.alice, "quote", {"product": sold.pk, "quantity": "2"})
        assert "USD" in shown["problem"]

    def test_are_for_those_who_write_quotes(self, team):
        path = page("quote", "totals")
        assert signed_in(team.victor.user).post(path).status_code == 403
        assert signed_in(team.alice.user).get(path).status_code == 405

    def test_bear_what_no_page_sends(self, team):
        browser, path = signed_in(team.alice.user), page("quote", "totals")
        for sent in ({}, {"items-TOTAL_FORMS": "x"}, {"items-TOTAL_FORMS": "99999999"}):
            assert browser.post(path, sent).status_code in (200, 400)

    def test_take_the_same_statements_for_many_lines(self, team, django_assert_max_num_queries):
        sold = [product(team, name=f"P{n}", currency="MXN") for n in range(5)]
        typed = [{"product": each.pk, "quantity": "1"} for each in sold] * 5
        browser, path = signed_in(team.alice.user), page("quote", "totals")
        with django_assert_max_num_queries(7):
            shown = browser.post(path, lines(*typed)).json()
        assert len(shown["lines"]) == 25


class TestStates:
    def test_lead_from_draft_to_invoice_and_contract(self, team):
        offer = quote(team.mona, title="Plan")["id"]
        act(team.mona, "quote", "send", offer)
        act(team.mona, "quote", "approve", offer)
        assert stored(team, Quote, offer).status == "approved"
        shown = act(team.mona, "quote", "bill", offer, due_at=day(30))
        with tenant_scope(team.tenant.pk):
            bill, agreed = Invoice.objects.get(), None
        assert shown.redirect_chain[-1][0] == page("invoice", "change", bill.pk)
        assert (bill.quote_id, str(bill.due_at), bill.total) == (offer, day(30), 208800)
        act(team.mona, "quote", "contract", offer)
        with tenant_scope(team.tenant.pk):
            agreed = Contract.objects.get()
        assert (agreed.quote_id, agreed.value) == (offer, 208800)
        again = act(team.mona, "quote", "bill", offer)
        assert "cotización" in messages_of(again)
        assert count(team, Invoice) == 1

    def test_say_that_the_draft_would_be_expired_at_once(self, team):
        offer = quote(team.mona, valid_until=day(-1))["id"]
        shown = act(team.mona, "quote", "send", offer, to="maria@norte.mx")
        assert "Ya pasó el día hasta el que es válida" in str(errors_of(shown))
        assert stored(team, Quote, offer).status == "draft"

    def test_keep_why_it_was_rejected(self, team):
        offer = sent_quote(team.alice)["id"]
        act(team.alice, "quote", "reject", offer, reason="Muy caro")
        assert stored(team, Quote, offer).reject_reason == "Muy caro"

    def test_are_mailed_to_whom_and_with_what_one_says(self, team):
        offer = quote(team.alice)["id"]
        refused = act(team.alice, "quote", "send", offer, to="nobody")
        assert list(errors_of(refused)) == ["to"]
        act(team.alice, "quote", "send", offer, to="eva@acme.test", message="Hola")
        with tenant_scope(team.tenant.pk):
            mail = DocumentMail.objects.get(quote=offer)
        assert (mail.recipient, mail.message) == ("eva@acme.test", "Hola")

    def test_are_asked_for_before_anything_is_done(self, team):
        offer = quote(team.alice)["id"]
        shown = signed_in(team.alice.user).get(page("quote", "send", offer))
        assert shown.status_code == 200
        assert stored(team, Quote, offer).status == "draft"

    @pytest.mark.parametrize("action", ["approve", "reject", "bill", "contract"])
    def test_are_named_where_they_refuse(self, team, action):
        offer = quote(team.mona)["id"]
        shown = act(team.mona, "quote", action, offer)
        assert "Borrador" in messages_of(shown)
        assert "COT-000001" in messages_of(shown)
        assert stored(team, Quote, offer).status == "draft"

    def test_decide_what_the_page_offers(self, team):
        browser = signed_in(team.mona.user)
        draft, sent = quote(team.mona)["id"], sent_quote(team.mona)["id"]
        for pk, shown, hidden in ((draft, "send", "approve"), (sent, "approve", "bill")):
            text = browser.get(page("quote", "change", pk)).content.decode()
            assert page("quote", shown, pk) in text
            assert page("quote", hidden, pk) not in text

    def test_keep_the_content_of_what_was_sent(self, team):
        offer = sent_quote(team.alice, title="Plan")["id"]
        done_at = change(team.alice, "quote", offer, HOURS_TYPED, notes="Later", valid_until=day(9))
        assert done_at.status_code == 302
        found = stored(team, Quote, offer)
        assert (found.notes, str(found.valid_until), found.title) == ("Later", day(9), "Plan")

    def test_keep_an_approved_one_as_it_is(self, team):
        offer = approved_quote(team.alice)["id"]
        change(team.alice, "quote", offer, notes="Later")
        assert stored(team, Quote, offer).notes == ""

    def test_refuse_changes_to_what_was_sent_meanwhile(self, team):
        offer = quote(team.alice)["id"]
        browser, path = signed_in(team.alice.user), page("quote", "change", offer)
        sent = filled_in(browser.get(path), title="Late")
        team.alice.post(f"{QUOTES}/{offer}/send")
        assert "Enviad" in str(errors_of(browser.post(path, sent)))
        assert stored(team, Quote, offer).title == ""

    def test_let_drafts_be_deleted_alone(self, team):
        draft, sent = quote(team.mona)["id"], sent_quote(team.mona)["id"]
        browser = signed_in(team.mona.user)
        browser.post(page("quote", "delete", draft), {"post": "yes"})
        assert stored(team, Quote, draft).deleted_at is not None
        shown = browser.post(page("quote", "delete", sent), {"post": "yes"}, follow=True)
        assert "Enviado" in messages_of(shown)
        assert stored(team, Quote, sent).deleted_at is None


class TestList:
    def test_finds_by_number_person_and_state(self, team):
        maria = contact(team.alice, first_name="Zenobia")["id"]
        quote(team.alice, contact_id=maria)
        sent_quote(team.alice)
        late = expired_quote(team.alice)
        browser, path = signed_in(team.alice.user), page("quote", "changelist")

        def found(**query):
            return [str(each) for each in browser.get(path, query).context["cl"].result_list]

        assert found(q="COT-000002") == ["COT-000002"]
        assert found(q="3") == ["COT-000003"]
        assert found(q="zenob") == ["COT-000001"]
        assert found(q="9" * 30) == []
        assert found(state="sent") == ["COT-000002"]
        assert found(state="expired") == [late["quote_number"]]
        assert len(found(state="nonsense")) == 3
        assert found(valid_until_from=day(-2), valid_until_to=day(-1)) == ["COT-000003"]
        assert len(found(created_at_from=day(-1))) == 3

    def test_takes_as_many_statements_for_many(self, team, django_assert_max_num_queries):
        for _ in range(12):
            quote(team.alice)
        browser = signed_in(team.alice.user)
        with django_assert_max_num_queries(12):
            browser.get(page("quote", "changelist"))
        offer = quote(team.alice, items=[HOURS] * 40)["id"]
        with django_assert_max_num_queries(25):
            browser.get(page("quote", "change", offer))


class TestWho:
    def test_sees_only_what_is_theirs(self, team, rivals):
        offer = quote(team.alice)["id"]
        for person in (team.bob, rivals.ada):
            browser = signed_in(person.user)
            assert "COT-" not in browser.get(page("quote", "changelist")).content.decode()
            for name in ("change", "delete", "send", "approve", "pdf", "bill"):
                answer = browser.get(page("quote", name, offer))
                assert answer.status_code in (403, 404), name
                assert browser.post(page("quote", name, offer)).status_code in (403, 404)
        assert stored(team, Quote, offer).status == "draft"

    def test_looks_and_does_not_change_as_a_viewer(self, team):
        offer = quote(team.alice)["id"]
        browser = signed_in(team.victor.user)
        assert browser.get(page("quote", "change", offer)).status_code == 200
        assert browser.get(page("quote", "pdf", offer)).content.startswith(b"%PDF-")
        for name in ("change", "delete", "send", "cancel", "bill"):
            assert browser.post(page("quote", name, offer), {"title": "x"}).status_code == 403
        assert browser.get(page("quote", "add")).status_code == 403

    def test_makes_no_invoices_as_a_seller(self, team):
        offer = approved_quote(team.alice)["id"]
        for name in ("bill", "contract"):
            assert signed_in(team.alice.user).post(page("quote", name, offer)).status_code == 403
