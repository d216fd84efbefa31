"""Clients in the back office, as the people who work there."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.companies.models import Company
from clients.companies.services import delete_company
from clients.integrations.models import Integration
from core.tenancy import tenant_scope
from prospects.models import Prospect
from tests.clients.clients_of import client, company_again, integration, prospect_again
from tests.prospects.cards_of import card
from tests.staff import errors_of, filled_in, make_operator, signed_in

LIST = reverse("admin:clients_company_changelist")
ADD = reverse("admin:clients_company_add")
NO_SHOPS = {"integrations-TOTAL_FORMS": 0, "integrations-INITIAL_FORMS": 0}


@pytest.fixture
def acme(team):
    """A client of Alice's."""
    return client(team, owner=team.alice, company_name="Acme Corp", email="john@acme.mx")


def change_page(company):
    return reverse("admin:clients_company_change", args=(company.pk,))


def send(browser, path, **changes):
    """Fill in a page's form and send it."""
    page = browser.get(path)
    return browser.post(path, {**filled_in(page), **NO_SHOPS, **changes}, follow=True)


def shop_rows(*rows):
    """What the browser sends for the shops on the page."""
    sent = {
        "integrations-TOTAL_FORMS": len(rows),
        "integrations-INITIAL_FORMS": sum("id" in row for row in rows),
    }
    for number, row in enumerate(rows):
        sent |= {f"integrations-{number}-{name}": value for name, value in row.items()}
    return sent


class TestAdd:
    def test_creates_the_company_with_its_card(self, team):
        browser = signed_in(team.alice.user)
        page = send(browser, ADD, name="Acme SA", tax_id="acm-010101-ab1", domain="Acme.MX/x")
        assert page.status_code == 200
        with tenant_scope(team.tenant.pk):
            made = Company.objects.select_related("prospect").get()
        assert (made.name, made.tax_id, made.domain) == ("Acme SA", "ACM010101AB1", "acme.mx")
        assert made.prospect.owner_id == team.alice.id

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("domain", "two words"),
            ("phone", "call me"),
            ("email", "nobody"),
            ("annual_revenue", "-1"),
            ("tax_id", "x" * 101),
        ],
    )
    def test_shows_what_is_wrong_beside_the_field(self, team, field, value):
        page = send(signed_in(team.alice.user), ADD, **{"name": "Acme", field: value})
        found = errors_of(page)
        assert list(found) == [field if field != "annual_revenue" else "__all__"]
        with tenant_scope(team.tenant.pk):
            assert not Company.objects.exists()

    def test_is_not_for_who_only_looks(self, team):
        assert signed_in(team.victor.user).get(ADD).status_code == 403


class TestChange:
    def test_renames_and_hands_over_the_card(self, team, acme):
        browser = signed_in(team.mona.user)
        send(browser, change_page(acme), name="Acme II", owner=team.bob.id, industry="Retail")
        with tenant_scope(team.tenant.pk):
            changed = company_again(acme.pk)
        assert (changed.name, changed.prospect.owner_id) == ("Acme II", team.bob.id)
        assert changed.industry == "Retail"

    def test_leaves_a_name_that_was_not_touched(self, team):
        nameless = client(team, owner=team.alice, name="Maria")
        send(signed_in(team.alice.user), change_page(nameless), industry="Retail")
        with tenant_scope(team.tenant.pk):
            assert prospect_again(nameless.prospect_id).company_name == ""

    def test_writes_shops(self, team, acme):
        browser = signed_in(team.alice.user)
        row = {"platform": "shopify", "url": "https://acme.example", "status": "connected"}
        send(browser, change_page(acme), **shop_rows(row))
        with tenant_scope(team.tenant.pk):
            shop = Integration.objects.get()
        assert (shop.company_id, shop.platform, shop.status) == (acme.pk, "shopify", "connected")
        assert shop.connected_at is not None

    def test_refuses_a_shop_with_a_dangerous_address(self, team, acme):
        row = {"platform": "shopify", "url": "javascript:alert(1)", "status": "pending"}
        page = send(signed_in(team.alice.user), change_page(acme), **shop_rows(row))
        assert page.status_code == 200
        with tenant_scope(team.tenant.pk):
            assert not Integration.objects.exists()

    def test_deletes_shops_for_those_who_may(self, team, acme):
        shop = integration(team, acme)
        row = {"id": shop.pk, "company": acme.pk, "platform": "x", "status": "pending"}
        send(signed_in(team.mona.user), change_page(acme), **shop_rows({**row, "DELETE": "on"}))
        with tenant_scope(team.tenant.pk):
            assert not Integration.objects.exists()

    def test_is_404_for_a_colleague_and_another_tenant(self, team, rivals, acme):
        for person in (team.bob, rivals.ada):
            assert signed_in(person.user).get(change_page(acme)).status_code == 404

    def test_is_for_looking_alone_by_a_share(self, team, acme):
        share = {"user_id": team.bob.id, "permission": "view"}
        team.alice.post(f"/prospects/{acme.prospect_id}/shares", share)
        browser = signed_in(team.bob.user)
        page = browser.get(change_page(acme))
        assert page.status_code == 200
        assert not page.context["has_change_permission"]
        assert browser.post(change_page(acme), {"name": "stolen"}).status_code == 403

    @pytest.mark.parametrize("person", ["alice", "mona", "victor"])
    def test_opens_in_a_constant_number_of_statements(
        self, team, acme, person, django_assert_max_num_queries
    ):
        for _ in range(5):
            integration(team, acme)
        browser = signed_in(getattr(team, person).user)
        with django_assert_max_num_queries(18):
            assert browser.get(change_page(acme)).status_code == 200


class TestList:
    def test_finds_by_name_person_and_tax_id(self, team, acme):
        details = {"tax_id": "OTH010101AB1"}
        client(team, owner=team.alice, company_name="Other", details=details)
        browser = signed_in(team.alice.user)
        for text, found in (("acme", 1), ("john@", 1), ("oth-010101-ab1", 1), ("x" * 200, 0)):
            assert browser.get(LIST, {"q": text}).context["cl"].result_count == found

    def test_shows_a_salesperson_their_own(self, team, acme):
        assert signed_in(team.bob.user).get(LIST).context["cl"].result_count == 0


class TestDelete:
    def test_takes_the_card_with_it(self, team, acme):
        browser = signed_in(team.mona.user)
        path = reverse("admin:clients_company_delete", args=(acme.pk,))
        assert browser.get(path).status_code == 200
        browser.post(path, {"post": "yes"})
        assert team.mona.get(f"/prospects/{acme.prospect_id}").status_code == 404
        assert browser.get(LIST).context["cl"].result_count == 0
        assert browser.get(change_page(acme)).status_code == 404

    def test_is_not_for_sales_people(self, team, acme):
        browser = signed_in(team.alice.user)
        path = reverse("admin:clients_company_delete", args=(acme.pk,))
        assert browser.post(path, {"post": "yes"}).status_code == 403
        assert team.alice.get(f"/clients/{acme.pk}").status_code == 200

    def test_leaves_no_deleted_one_among_the_choices_of_others(self, team, acme):
        with tenant_scope(team.tenant.pk):
            delete_company(company_id=acme.pk, at=timezone.now())
        kept = client(team, company_name="Acme II")
        query = {"app_label": "clients", "model_name": "integration", "field_name": "company"}
        found = signed_in(team.mona.user).get(
            reverse("admin:autocomplete"), {**query, "term": "acme"}
        )
        assert [row["id"] for row in found.json()["results"]] == [str(kept.pk)]


class TestOnboarding:
    def path(self, company):
        return reverse("admin:clients_company_onboarding", args=(company.pk,))

    def test_notes_steps_and_status(self, team, acme):
        browser = signed_in(team.alice.user)
        form = filled_in(browser.get(self.path(acme)), training="on", status="paused")
        browser.post(self.path(acme), form)
        shape = team.alice.get(f"/clients/{acme.pk}/onboarding").json()
        assert shape["status"] == "paused"
        assert {step["key"] for step in shape["steps"] if step["done"]} == {"training"}

    def test_leaves_alone_what_the_data_show(self, team):
        made = client(team, owner=team.alice, details={"tax_id": "ACM010101AB1"})
        browser = signed_in(team.alice.user)
        browser.post(self.path(made), {"status": "", "first_recharge": "on"})
        shape = team.alice.get(f"/clients/{made.pk}/onboarding").json()
        assert {step["key"] for step in shape["steps"] if step["done"]} == {"fiscal_data"}

    def test_is_not_for_others(self, team, rivals, acme):
        for person, status in ((team.bob, 403), (rivals.ada, 403), (team.victor, 403)):
            answer = signed_in(person.user).post(self.path(acme), {"training": "on"})
            assert answer.status_code == status
        shape = team.alice.get(f"/clients/{acme.pk}/onboarding").json()
        assert shape["progress"] == 0


class TestBecomeClient:
    @pytest.fixture
    def prospect(self, team):
        return card(team, owner=team.alice, company_name="Acme SA", name="John")

    def path(self, prospect):
        return reverse("admin:prospects_prospect_become_client", args=(prospect.pk,))

    def test_makes_the_company(self, team, prospect):
        browser = signed_in(team.alice.user)
        form = filled_in(browser.get(self.path(prospect)), tax_id="acm010101ab1")
        page = browser.post(self.path(prospect), form, follow=True)
        assert page.status_code == 200
        with tenant_scope(team.tenant.pk):
            made = Company.objects.get(prospect=prospect)
        assert made.tax_id == "ACM010101AB1"
        assert page.redirect_chain[-1][0] == change_page(made)

    def test_merges_into_a_client_that_is_chosen(self, team, prospect, acme):
        browser = signed_in(team.alice.user)
        browser.post(self.path(prospect), {"company": acme.pk})
        with tenant_scope(team.tenant.pk):
            assert prospect_again(prospect.pk).merged_into_id == acme.prospect_id

    def test_offers_no_client_that_the_user_does_not_see(self, team, prospect):
        bobs = client(team, owner=team.bob)
        page = signed_in(team.alice.user).post(self.path(prospect), {"company": bobs.pk})
        assert list(errors_of(page)) == ["company"]
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.filter(pk=prospect.pk).exists()

    def test_is_offered_until_it_is_one(self, team, prospect):
        browser = signed_in(team.alice.user)
        page = reverse("admin:prospects_prospect_change", args=(prospect.pk,))
        company = reverse("admin:prospects_prospect_open_company", args=(prospect.pk,))
        before = browser.get(page).content.decode()
        assert self.path(prospect) in before
        assert company not in before
        browser.post(self.path(prospect), {"company_name": "Acme"})
        after = browser.get(page).content.decode()
        assert self.path(prospect) not in after
        assert company in after
        assert browser.get(company, follow=True).status_code == 200
        assert browser.post(self.path(prospect), {"company_name": "X"}).status_code == 403

    def test_is_not_for_who_may_not(self, team, rivals, prospect):
        for person in (team.bob, team.victor, rivals.ada):
            answer = signed_in(person.user).post(self.path(prospect), {"company_name": "X"})
            assert answer.status_code in (403, 404)
        with tenant_scope(team.tenant.pk):
            assert not Company.objects.exists()


class TestOperator:
    def test_works_for_the_rows_own_tenant(self, team, acme):
        browser = signed_in(make_operator())
        page = send(browser, change_page(acme), industry="Retail")
        assert page.status_code == 200
        with tenant_scope(team.tenant.pk):
            assert company_again(acme.pk).industry == "Retail"
