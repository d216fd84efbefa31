"""Contracts in the back office: written, sent, signed in person."""

from __future__ import annotations

import pytest

from core.tenancy import tenant_scope
from sales.models import Contract, Signature
from tests.sales.contacts.contacts_of import contact
from tests.sales.desk.pages import act, add, change, page
from tests.sales.documents.documents_of import CONTRACTS, contract, count, day, done, stored
from tests.staff import errors_of, messages_of, signed_in


class TestWriting:
    def test_makes_a_draft(self, team):
        given = {"title": "Servicios", "value": "450000.50", "end_date": day(365)}
        answer = add(team.mona, "contract", contact=contact(team.mona)["id"], **given)
        assert answer.status_code == 302, errors_of(answer)
        (found,) = done(team.mona.get(CONTRACTS))
        assert (found["contract_number"], found["value"]) == ("CTR-000001", 450000.5)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            *(("value", value) for value in ("1e400", "NaN", "-1", "0.001")),
            ("end_date", day(-1)),
            ("currency", "???"),
        ],
    )
    def test_refuses_what_is_no_contract(self, team, field, value):
        sent = {"title": "Servicios", "value": "1", "start_date": day(), field: value}
        answer = add(team.mona, "contract", contact=contact(team.mona)["id"], **sent)
        assert list(errors_of(answer)) == [field]
        assert count(team, Contract) == 0


class TestSigning:
    def test_keeps_who_signed_and_shows_it(self, team):
        pk = contract(team.mona)["id"]
        act(team.mona, "contract", "sign", pk, name="María <b>", company="Acme")
        with tenant_scope(team.tenant.pk):
            signature = Signature.objects.get(contract=pk)
        assert (signature.client_name, signature.ip_address) == ("María <b>", "127.0.0.1")
        text = signed_in(team.mona.user).get(page("contract", "change", pk)).content.decode()
        assert "María &lt;b&gt;" in text
        assert signature.sha256 in text

    def test_is_refused_twice_and_names_the_state(self, team):
        pk = contract(team.mona)["id"]
        act(team.mona, "contract", "sign", pk, name="María")
        again = act(team.mona, "contract", "sign", pk, name="Eva")
        assert "Firmado" in messages_of(again)
        change(team.mona, "contract", pk, notes="Later")
        change(team.mona, "contract", pk, notes="Last", value="1")
        kept = stored(team, Contract, pk)
        assert (kept.notes, kept.value) == ("Later", 450000)

    @pytest.mark.parametrize("given", [{}, {"name": ""}, {"name": "x" * 256}])
    def test_needs_a_name(self, team, given):
        pk = contract(team.mona)["id"]
        assert list(errors_of(act(team.mona, "contract", "sign", pk, **given))) == ["name"]
        assert stored(team, Contract, pk).status == "draft"

    def test_is_not_for_sellers_nor_rivals(self, team, rivals):
        pk = contract(team.mona)["id"]
        for person in (team.alice, team.victor, rivals.ada):
            answer = signed_in(person.user).post(page("contract", "sign", pk), {"name": "Eve"})
            assert answer.status_code in (403, 404)
        assert stored(team, Contract, pk).status == "draft"


class TestList:
    def test_takes_as_many_statements_for_many(self, team, django_assert_max_num_queries):
        for _ in range(8):
            contract(team.mona)
        browser = signed_in(team.mona.user)
        with django_assert_max_num_queries(12):
            browser.get(page("contract", "changelist"), {"state": "draft", "q": "maria"})
