"""The back office's one box: it finds what its user may see, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.tenancy import tenant_scope
from prospects.sharing.services import share_prospect, unshare_prospect
from tests.people import Person
from tests.prospects.cards_of import card
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal
from tests.sales.documents.documents_of import contract, invoice, quote
from tests.staff import make_operator, signed_in


def answer_to(person: Person, text: str) -> Any:
    answer = signed_in(person.user).get(reverse("admin:search"), {"s": text, "extended": 1})
    assert answer.status_code == 200
    return answer


def titles(person: Person, text: str) -> list[str]:
    """What is found among the rows; pages of the menu aside."""
    found = answer_to(person, text).context["results"]
    return [each.title for each in found if each.icon != "tag"]


class TestFinding:
    def test_knows_cards_people_and_deals_by_their_names(self, team):
        card(team, owner=team.alice, company_name="Café Ñandú SA", email="ventas@nandu.test")
        contact(team.alice, last_name="Nandúa")
        deal(team, team.alice, name="Plan nandu")
        found = titles(team.alice, "NANDU")
        assert found == ["Café Ñandú SA", "Maria Nandúa", "Plan nandu"]
        assert titles(team.alice, "ventas@nandu") == ["Café Ñandú SA"]

    def test_leads_to_their_pages(self, team):
        made = card(team, owner=team.alice, company_name="Acme")
        (found,) = answer_to(team.alice, "acme").context["results"]
        assert found.link == reverse("admin:prospects_prospect_change", args=(made.pk,))
        assert signed_in(team.alice.user).get(found.link).status_code == 200

    @pytest.mark.parametrize("text", ["COT-000001", "cot-1", "COT 1", "cot1", " cot-0001 "])
    def test_reads_numbers_of_documents_as_people_write_them(self, team, text):
        for make in (quote, invoice, contract):
            make(team.mona, title="x")
        assert titles(team.mona, text) == ["COT-000001"]

    def test_finds_every_document_of_a_bare_number(self, team):
        for make in (quote, invoice, contract):
            make(team.mona, title="x")
        assert titles(team.mona, "1") == ["COT-000001", "FAC-000001", "CTR-000001"]

    def test_shows_pages_of_the_menu(self, team):
        found = answer_to(team.ada, "cotizaciones").context["results"]
        assert reverse("admin:sales_quote_changelist") in [each.link for each in found]

    def test_finds_nothing_of_others(self, team, rivals):
        card(team, owner=team.alice, company_name="Secret")
        contact(team.alice, last_name="Secret")
        deal(team, team.alice, name="Secret plan")
        quote(team.alice)
        for person in (team.bob, rivals.ada):
            assert titles(person, "secret") == []
            assert titles(person, "cot-1") == []

    def test_keeps_nothing_of_what_was_found_before(self, team):
        made = card(team, owner=team.alice, company_name="Lent")
        with tenant_scope(team.tenant.pk):
            lent = {"prospect_id": made.pk, "user_id": team.bob.id, "by": team.ada.user}
            share_prospect(level="view", **lent)
        assert titles(team.bob, "lent") == ["Lent"]
        with tenant_scope(team.tenant.pk):
            unshare_prospect(**lent)
        assert titles(team.bob, "lent") == []

    def test_shows_html_as_text(self, team):
        card(team, owner=team.alice, company_name="<script>alert(1)</script> corp")
        assert b"<script>alert" not in answer_to(team.alice, "corp").content

    @pytest.mark.parametrize("text", ["%", "_", "'", "\\", "x" * 5000, "9" * 50, "´", "😀"])
    def test_bears_anything_that_is_typed(self, team, text):
        card(team, owner=team.alice, company_name="Acme")
        query = {"s": text, "extended": 1, "page": "x"}
        answer = signed_in(team.alice.user).get(reverse("admin:search"), query)
        assert answer.status_code == 200
        assert b"Acme" not in answer.content

    def test_takes_as_many_statements_for_many(self, team, django_assert_max_num_queries):
        for number in range(8):
            made = card(team, owner=team.alice, company_name=f"Acme {number}")
            contact(team.alice, last_name=f"Acme {number}")
            deal(team, team.alice, name=f"Acme {made.pk}")
        browser, query = signed_in(team.alice.user), {"s": "acme", "extended": 1}
        with django_assert_max_num_queries(8):
            found = browser.get(reverse("admin:search"), query).context["results"]
        assert len(found) == 18

    def test_is_for_operators_once_they_chose_a_tenant(self, team):
        card(team, owner=team.alice, company_name="Acme")
        browser, query = signed_in(make_operator()), {"s": "acme", "extended": 1}
        assert browser.get(reverse("admin:search"), query).context["results"] == []
        browser.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        assert len(browser.get(reverse("admin:search"), query).context["results"]) == 1

    def test_is_for_who_signed_in(self):
        assert Client().get(reverse("admin:search"), {"s": "acme"}).status_code == 302
