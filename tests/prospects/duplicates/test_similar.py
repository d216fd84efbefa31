"""Cards that may be about the same company or person."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.duplicates.services import MOST, Evidence, similar_cards
from prospects.models import Prospect
from prospects.pipeline.services import edit_prospect
from tests.prospects.cards_of import card
from tests.staff import filled_in, form_of, signed_in

ADD = "/admin/prospects/prospect/add/"


def similar_to(team, person=None, **values):
    with tenant_scope(team.tenant.pk):
        found = similar_cards(seen_by=(person or team.mona).user, **values)
        return {each.card.pk: each.evidence for each in found}


@pytest.fixture
def known(team):
    return card(
        team,
        owner=team.alice,
        company_name="Acmé, S.A. de C.V.",
        name="José Pérez",
        email="jose@acme.mx",
    )


class TestSimilarCards:
    @pytest.mark.parametrize(
        ("values", "evidence"),
        [
            ({"company_name": "ACME LLC"}, [Evidence.COMPANY]),
            ({"name": "jose perez"}, [Evidence.PERSON]),
            ({"email": "ventas@acme.mx"}, [Evidence.DOMAIN]),
            (
                {"company_name": "Acme", "name": "JOSÉ PÉREZ", "email": "x@acme.mx"},
                [Evidence.COMPANY, Evidence.PERSON, Evidence.DOMAIN],
            ),
        ],
    )
    def test_share_a_key(self, team, known, values, evidence):
        assert similar_to(team, **values) == {known.pk: evidence}

    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"company_name": "Acme Nova", "name": "José Pérez Gil", "email": "x@acme.com"},
            {"company_name": "...", "name": "José", "email": ""},
        ],
    )
    def test_are_not_those_that_share_none(self, team, known, values):
        assert similar_to(team, **values) == {}

    def test_are_not_those_with_an_address_at_the_same_free_provider(self, team):
        card(team, email="jose@gmail.com")
        assert similar_to(team, email="ana@gmail.com") == {}

    def test_share_a_key_that_few_have(self, team):
        for _ in range(MOST):
            card(team, company_name="Tienda")
        assert len(similar_to(team, company_name="Tienda SA")) == MOST
        card(team, company_name="Tienda")
        assert similar_to(team, company_name="Tienda SA") == {}

    def test_are_those_that_one_may_see(self, team, rivals, known):
        assert similar_to(team, team.alice, company_name="Acme") == {known.pk: [Evidence.COMPANY]}
        assert similar_to(team, team.bob, company_name="Acme") == {}
        assert similar_to(rivals, rivals.ada, company_name="Acme") == {}

    def test_leave_out_the_card_itself(self, team, known):
        assert similar_to(team, company_name="Acme", besides=known.pk) == {}

    def test_follow_what_a_card_is_called(self, team, known):
        with tenant_scope(team.tenant.pk):
            changes = {"company_name": "Nova GmbH", "name": "Ana Sol", "email": "a@nova.de"}
            edit_prospect(prospect_id=known.pk, changes=changes, at=timezone.now())
        assert similar_to(team, company_name="Acme", name="José Pérez", email="x@acme.mx") == {}
        assert list(similar_to(team, company_name="Nova")) == [known.pk]

    def test_are_alive(self, team, known):
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=known.pk).update(deleted_at=timezone.now())
        assert similar_to(team, company_name="Acme", name="José Pérez", email="x@acme.mx") == {}

    def test_made_by_an_import_are_found_too(self, team):
        row = {"company": "Acme S.A.", "email": "a@acme.mx"}
        team.mona.post("/prospects", [row])
        assert len(similar_to(team, company_name="Acme")) == 1

    def test_are_found_by_two_statements(self, team, known, django_assert_max_num_queries):
        values = {"company_name": "Acme", "name": "José Pérez", "email": "x@acme.mx"}
        similar_to(team, **values)  # what Mona may do is known from here on
        with django_assert_max_num_queries(2):
            similar_to(team, **values)


class TestAddingInTheBackOffice:
    def add(self, browser, **values):
        return browser.post(ADD, filled_in(browser.get(ADD), **values))

    def count(self, team):
        with tenant_scope(team.tenant.pk):
            return Prospect.objects.count()

    def test_shows_similar_cards_and_asks(self, team, known):
        browser = signed_in(team.alice.user)
        page = self.add(browser, company_name="ACME LLC", email="ventas@acme.mx")
        shown = page.content.decode()
        assert (page.status_code, self.count(team)) == (200, 1)
        assert f"/admin/prospects/prospect/{known.pk}/change/" in shown
        assert "la misma empresa, direcciones del mismo dominio" in shown

    def test_goes_on_when_it_is_none_of_them(self, team, known):
        browser = signed_in(team.alice.user)
        values = {"company_name": "ACME LLC", "not_the_same": str(known.pk)}
        assert self.add(browser, **values).status_code == 302
        assert self.count(team) == 2

    def test_asks_again_when_another_one_has_come(self, team, known):
        card(team, owner=team.alice, company_name="Acme Inc")
        browser = signed_in(team.alice.user)
        values = {"company_name": "ACME LLC", "not_the_same": str(known.pk)}
        assert self.add(browser, **values).status_code == 200
        assert self.count(team) == 2

    def test_says_nothing_of_a_card_that_one_may_not_see(self, team, known):
        assert self.add(signed_in(team.bob.user), company_name="Acme").status_code == 302

    def test_is_an_error_for_a_taken_email_whatever_was_confirmed(self, team, known):
        values = {"company_name": "Acme", "email": "jose@acme.mx", "not_the_same": str(known.pk)}
        page = self.add(signed_in(team.alice.user), **values)
        assert "Otro prospecto tiene este correo" in str(form_of(page).errors)
        assert self.count(team) == 1

    @pytest.mark.parametrize("nonsense", ["", "x", "-1", "9" * 400, "\x00"])
    def test_bears_nonsense_for_a_confirmation(self, team, known, nonsense):
        browser = signed_in(team.alice.user)
        values = {"company_name": "Acme", "not_the_same": nonsense}
        assert self.add(browser, **values).status_code in (200, 400)
        assert self.count(team) == 1

    def test_does_not_ask_when_a_card_is_changed(self, team, known):
        other = card(team, owner=team.alice, company_name="Other")
        browser = signed_in(team.alice.user)
        path = f"/admin/prospects/prospect/{other.pk}/change/"
        sent = filled_in(browser.get(path), company_name="Acme")
        assert browser.post(path, sent).status_code == 302
