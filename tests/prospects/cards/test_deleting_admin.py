"""Deleting and restoring at the back office."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.companies.services import delete_company
from clients.models import Company
from core.tenancy import tenant_scope
from prospects.models import Prospect
from prospects.pipeline.deleting import delete_prospect
from tests.clients.clients_of import client
from tests.prospects.cards_of import card
from tests.staff import messages_of, signed_in

CARDS = "/admin/prospects/prospect/"
DELETED = "/admin/prospects/deletedprospect/"
COMPANIES = "/admin/clients/deletedcompany/"


def alive(team):
    with tenant_scope(team.tenant.pk):
        return set(Prospect.objects.values_list("pk", flat=True))


def act(browser, url, name, rows, **sent):
    chosen = [row.pk for row in rows]
    return browser.post(url, {"action": name, "_selected_action": chosen, **sent}, follow=True)


@pytest.fixture
def gone(team):
    made = card(team, owner=team.alice, company_name="Gone", email="gone@x.mx")
    with tenant_scope(team.tenant.pk):
        delete_prospect(prospect_id=made.pk, at=timezone.now())
    return made


class TestDeletingACard:
    def test_asks_and_deletes(self, team):
        made, browser = card(team), signed_in(team.mona.user)
        path = f"{CARDS}{made.pk}/delete/"
        assert browser.get(path).status_code == 200
        assert browser.post(path, {"post": "yes"}).status_code == 302
        assert alive(team) == set()

    def test_is_not_for_sales_people(self, team):
        made, browser = card(team, owner=team.alice), signed_in(team.alice.user)
        assert browser.post(f"{CARDS}{made.pk}/delete/", {"post": "yes"}).status_code == 403
        act(browser, CARDS, "delete_cards", [made], apply=1)
        assert alive(team) == {made.pk}

    def test_of_a_client_says_why_not(self, team):
        made, browser = client(team, company_name="Acme").prospect, signed_in(team.mona.user)
        page = browser.post(f"{CARDS}{made.pk}/delete/", {"post": "yes"}, follow=True)
        assert "delete its company" in messages_of(page)
        assert alive(team) == {made.pk}

    def test_of_many_asks_and_leaves_clients(self, team):
        made = [card(team, company_name=f"Card {n}") for n in range(3)]
        company, browser = client(team, company_name="Acme"), signed_in(team.mona.user)
        chosen = [*made, company.prospect]
        assert act(browser, CARDS, "delete_cards", chosen).status_code == 200
        assert len(alive(team)) == 4
        page = act(browser, CARDS, "delete_cards", chosen, apply=1)
        assert alive(team) == {company.prospect_id}
        assert "elimine la empresa" in messages_of(page)


class TestTheDeleted:
    def test_are_listed_for_who_may_delete(self, team, rivals, gone):
        pages = {
            name: signed_in(person.user).get(DELETED)
            for name, person in {**team.everybody, "rival": rivals.ada}.items()
        }
        listed = {
            name: len(page.context["cl"].result_list)
            for name, page in pages.items()
            if page.status_code == 200
        }
        assert listed == {"admin": 1, "manager": 1, "rival": 0}

    def test_are_found_by_what_they_were_called(self, team, gone):
        browser = signed_in(team.mona.user)
        for query, count in (("gone@x", 1), ("other", 0), ("", 1)):
            page = browser.get(DELETED, {"q": query})
            assert len(page.context["cl"].result_list) == count

    def test_leave_out_who_was_merged_and_clients(self, team, gone):
        company = client(team, company_name="Acme")
        with tenant_scope(team.tenant.pk):
            Prospect.all_objects.filter(pk=gone.pk).update(merged_into=company.prospect_id)
            delete_company(company_id=company.pk, at=timezone.now())
        browser = signed_in(team.mona.user)
        assert not browser.get(DELETED).context["cl"].result_list
        assert len(browser.get(COMPANIES).context["cl"].result_list) == 1

    def test_are_shown_and_not_changed(self, team, gone):
        browser = signed_in(team.mona.user)
        page = browser.get(f"{DELETED}{gone.pk}/change/")
        assert "gone@x.mx" in page.content.decode()
        assert "_save" not in page.content.decode()
        assert browser.post(f"{DELETED}{gone.pk}/change/", {"name": "x"}).status_code == 403
        assert browser.get(f"{CARDS}{gone.pk}/change/").status_code == 404


class TestRestoring:
    def test_of_one_asks_and_restores(self, team, gone):
        browser = signed_in(team.mona.user)
        path = reverse("admin:prospects_deletedprospect_restore_one", args=[gone.pk])
        assert browser.get(path).status_code == 200
        assert alive(team) == set()
        assert browser.post(path).status_code == 302
        assert alive(team) == {gone.pk}
        assert browser.post(path).status_code == 404

    def test_of_many_tells_which_are_refused(self, team, gone):
        other = card(team, company_name="Other")
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=other.pk, at=timezone.now())
        taken = card(team, email="gone@x.mx")
        page = act(signed_in(team.mona.user), DELETED, "restore", [gone, other])
        assert alive(team) == {other.pk, taken.pk}
        assert "Gone: email: Another prospect has this value." in messages_of(page)
        assert "1 fila restaurada" in messages_of(page)

    def test_of_a_client_brings_company_and_card(self, team):
        company = client(team, company_name="Acme")
        with tenant_scope(team.tenant.pk):
            delete_company(company_id=company.pk, at=timezone.now())
        browser = signed_in(team.mona.user)
        path = reverse("admin:clients_deletedcompany_restore_one", args=[company.pk])
        assert browser.post(path).status_code == 302
        with tenant_scope(team.tenant.pk):
            assert Company.objects.filter(pk=company.pk).exists()
        assert alive(team) == {company.prospect_id}

    def test_is_not_for_others(self, team, rivals, gone):
        path = reverse("admin:prospects_deletedprospect_restore_one", args=[gone.pk])
        statuses = {}
        for name, person in {
            "sales": team.alice,
            "viewer": team.victor,
            "rival": rivals.ada,
        }.items():
            statuses[name] = signed_in(person.user).post(path).status_code
        assert statuses == {"sales": 403, "viewer": 403, "rival": 404}
        assert alive(team) == set()
