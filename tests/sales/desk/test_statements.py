"""The accounts of people and companies as pages of the back office."""

from __future__ import annotations

from django.urls import reverse

from tests.sales.contacts.contacts_of import company, contact
from tests.sales.documents.documents_of import day, made, pay, sent_invoice
from tests.staff import signed_in


def address(kind, pk):
    return reverse(f"admin:sales_{kind}_statement", args=(pk,))


class TestStatement:
    def test_shows_what_was_billed_and_paid(self, team):
        acme = company(team, owner=team.mona, email="first@acme.test")
        maria = contact(team.mona, company_id=acme.pk)["id"]
        bill = sent_invoice(team.mona, contact_id=maria, issued_at=day(-9), due_at=day(-1))
        made(pay(team.mona, bill["id"], 800, reference="<i>"))
        browser = signed_in(team.mona.user)
        for kind, pk in (("contact", maria), ("company", acme.pk)):
            text = browser.get(address(kind, pk)).content.decode()
            assert "208,000.00" in text
            assert "FAC-000001" in text
            assert "&lt;i&gt;" in text

    def test_of_nobody_billed_says_so(self, team):
        maria = contact(team.alice)["id"]
        shown = signed_in(team.alice.user).get(address("contact", maria))
        assert shown.status_code == 200
        assert shown.context["totals"] == []

    def test_of_others_is_not_there(self, team, rivals):
        maria = contact(team.alice)["id"]
        acme = company(team, owner=team.alice)
        for person in (team.bob, rivals.ada):
            for path in (address("contact", maria), address("company", acme.pk)):
                assert signed_in(person.user).get(path).status_code == 404
        assert signed_in(team.victor.user).get(address("contact", maria)).status_code == 200

    def test_is_linked_from_the_pages_of_person_company_card_and_deal(self, team):
        acme = company(team, owner=team.mona, email="first@acme.test")
        maria = contact(team.mona, company_id=acme.pk)["id"]
        browser = signed_in(team.mona.user)
        person = reverse("admin:prospects_contact_change", args=(maria,))
        firm = reverse("admin:clients_company_change", args=(acme.pk,))
        card = reverse("admin:prospects_prospect_part", args=(acme.prospect_id, "company"))
        for path, linked in (
            (person, address("contact", maria)),
            (firm, address("company", acme.pk)),
            (card, address("company", acme.pk)),
        ):
            assert linked in browser.get(path).content.decode()
