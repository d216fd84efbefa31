"""Duplicates and merges in the back office."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.duplicates.groups import PAGE, possible_duplicates
from clients.merging.models import CardMerge
from core.tenancy import tenant_scope
from prospects.card_contacts.services import add_contact
from prospects.contacts.models import Contact
from prospects.duplicates.probes import Evidence
from prospects.models import Prospect
from prospects.sharing.services import share_prospect
from tests.clients.clients_of import client, prospect_again
from tests.prospects.cards_of import card
from tests.staff import make_operator, signed_in

DUPLICATES = "/admin/prospects/prospect/duplicates/"
PHONE = {"phone_code": "52", "phone": "5512345678"}


@pytest.fixture
def kept(team):
    return card(team, owner=team.alice, company_name="Acme", name="John Doe", email="john@acme.mx")


@pytest.fixture
def gone(team):
    return card(
        team,
        owner=team.alice,
        company_name="Acme SA",
        name="Jane Smith",
        email="jane@acme.mx",
        channel="expo",
    )


def groups(team, person, kind, **kwargs):
    with tenant_scope(team.tenant.pk):
        page = possible_duplicates(kind=kind, seen_by=person.user, **kwargs)
        return {group.key: [each.pk for each in group.cards] for group in page.groups}


def named_there_too(team, made, **values):
    with tenant_scope(team.tenant.pk):
        contact = add_contact(
            prospect_id=made.pk, values={"first_name": "Ana"}, by=None, at=timezone.now()
        )
        Contact.objects.filter(pk=contact.pk).update(**values)


class TestGroups:
    def test_share_a_company_or_a_domain(self, team, kept, gone):
        both = [kept.pk, gone.pk]
        assert groups(team, team.mona, Evidence.COMPANY) == {"acme": both}
        assert groups(team, team.mona, Evidence.DOMAIN) == {"acme.mx": both}
        assert groups(team, team.mona, Evidence.PERSON) == {}

    def test_share_a_person(self, team):
        pair = [card(team, name=name).pk for name in ("José Pérez", "jose perez")]
        assert groups(team, team.mona, Evidence.PERSON) == {"jose perez": pair}

    def test_share_an_email_or_a_phone_of_any_person(self, team, kept):
        one, other = card(team, name="Eva", **PHONE), card(team, name="Leo")
        third = card(team, name="Max")
        named_there_too(team, other, email="john@acme.mx")
        for each in (other, third):
            named_there_too(team, each, **PHONE)
        assert groups(team, team.mona, Evidence.EMAIL) == {"john@acme.mx": [kept.pk, other.pk]}
        phones = groups(team, team.mona, Evidence.PHONE)
        assert phones == {"+52 5512345678": [one.pk, other.pk, third.pk]}

    def test_share_a_tax_id(self, team):
        pair = [
            client(team, company_name=name, details={"tax_id": tax_id}).prospect_id
            for name in "AB"
            for tax_id in ("ABC010203XY9",)
        ]
        for name in "CD":
            client(team, company_name=name, details={"tax_id": "XAXX010101000"})
        assert groups(team, team.mona, Evidence.TAX_ID) == {"ABC010203XY9": pair}

    def test_put_a_client_first(self, team, kept):
        other = client(team, company_name="Acme")
        found = groups(team, team.mona, Evidence.COMPANY)
        assert found == {"acme": [other.prospect_id, kept.pk]}

    def test_are_of_at_most_twenty(self, team):
        for _ in range(20):
            card(team, owner=team.bob, company_name="Tienda")
        assert len(groups(team, team.mona, Evidence.COMPANY)["tienda"]) == 20
        for _ in range(2):
            card(team, owner=team.alice, company_name="Tienda")
        assert groups(team, team.mona, Evidence.COMPANY) == {}
        assert groups(team, team.alice, Evidence.COMPANY) == {}

    def test_are_of_cards_that_one_sees(self, team, rivals, kept, gone):
        card(team, owner=team.bob, company_name="Acme")
        card(rivals, company_name="Acme")
        assert groups(team, team.alice, Evidence.COMPANY) == {"acme": [kept.pk, gone.pk]}
        assert groups(team, team.bob, Evidence.COMPANY) == {}

    def test_come_page_by_page(self, team):
        names = [f"Firma {n:02}" for n in range(PAGE + 2)]
        for name in names:
            card(team, company_name=name)
            card(team, company_name=f"{name} SA")
        with tenant_scope(team.tenant.pk):
            asked = {"kind": Evidence.COMPANY, "seen_by": team.mona.user}
            first = possible_duplicates(**asked)
            rest = possible_duplicates(**asked, after=first.next_after)
        assert [g.key for g in (*first.groups, *rest.groups)] == [n.lower() for n in names]
        assert (len(first.groups), rest.next_after) == (PAGE, None)

    def test_are_found_by_four_statements(self, team, kept, gone, django_assert_num_queries):
        groups(team, team.mona, Evidence.COMPANY)  # what Mona may do is known from here on
        for kind in (Evidence.COMPANY, Evidence.DOMAIN):
            with django_assert_num_queries(4):
                groups(team, team.mona, kind)


class TestDuplicatesPage:
    @pytest.mark.parametrize("kind", ["", "nonsense", *Evidence.values])
    @pytest.mark.parametrize("after", ["", "ñ" * 300, "' OR 1=1 --"])
    def test_opens_whatever_is_asked(self, team, kept, gone, kind, after):
        browser = signed_in(team.alice.user)
        assert browser.get(DUPLICATES, {"kind": kind, "after": after}).status_code == 200

    def test_links_to_merging(self, team, kept, gone):
        shown = signed_in(team.alice.user).get(DUPLICATES).content.decode()
        assert f"/admin/prospects/prospect/{kept.pk}/merge/?with={gone.pk}" in shown

    def test_offers_a_viewer_no_merge(self, team, kept, gone):
        shown = signed_in(team.victor.user).get(DUPLICATES).content.decode()
        assert "Acme SA" in shown
        assert "/merge/?with=" not in shown

    def test_asks_an_operator_for_whom_they_act(self, team):
        assert signed_in(make_operator()).get(DUPLICATES).status_code == 302


def merge_page(kept, gone=None):
    path = reverse("admin:prospects_prospect_merge", args=(kept.pk,))
    return f"{path}?with={gone.pk}" if gone else path


class TestMergePage:
    def test_offers_what_is_similar(self, team, kept, gone):
        shown = signed_in(team.alice.user).get(merge_page(kept)).content.decode()
        assert f"?with={gone.pk}" in shown
        assert "la misma empresa" in shown

    @pytest.mark.parametrize("asked", ["x", "0", "-1", "9" * 30, "²"])
    def test_says_when_there_is_no_such_card(self, team, kept, asked):
        page = signed_in(team.alice.user).get(merge_page(kept), {"with": asked})
        assert page.status_code == 200
        assert "No hay otro prospecto así" in page.content.decode()

    def test_compares_previews_and_merges(self, team, kept, gone):
        browser = signed_in(team.alice.user)
        page = browser.get(merge_page(kept, gone))
        assert {row.name for row in page.context["rows"] if row.may_choose} == {
            "field_company_name",
            "field_name",
            "field_email",
        }
        sent = {"field_company_name": "from", "field_email": "survivor"}
        preview = browser.post(merge_page(kept, gone), {**sent, "preview": ""})
        assert ("Empresa", "Acme", "Acme SA") in preview.context["changes"]
        assert ("Canal", "", "expo") in preview.context["changes"]
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.count() == 2
        done = browser.post(merge_page(kept, gone), {**sent, "confirm": ""})
        assert done["Location"] == f"/admin/prospects/prospect/{kept.pk}/change/"
        with tenant_scope(team.tenant.pk):
            assert prospect_again(kept.pk).company_name == "Acme SA"
            assert prospect_again(gone.pk).merged_into_id == kept.pk

    @pytest.mark.parametrize(
        "values", [{"email": "john@acme.mx"}, {"more_emails": ["x@y.mx", "john@acme.mx"]}]
    )
    def test_says_who_is_on_both(self, team, kept, gone, values):
        browser = signed_in(team.alice.user)
        assert browser.get(merge_page(kept, gone)).context["on_both"] == []
        named_there_too(team, gone, **values)
        page = browser.get(merge_page(kept, gone))
        assert page.context["on_both"] == ["john@acme.mx"]
        assert "john@acme.mx está en ambos" in page.content.decode()

    def test_says_what_is_refused(self, team):
        one, other = client(team, owner=team.alice), client(team, owner=team.alice)
        path = merge_page(one.prospect, other.prospect)
        for sent in ({}, {"preview": ""}, {"confirm": ""}):
            page = signed_in(team.alice.user).post(path, sent)
            assert page.context["refusals"]
        with tenant_scope(team.tenant.pk):
            assert not CardMerge.objects.exists()

    def test_is_not_for_who_only_looks(self, team, kept, gone):
        bobs = card(team, owner=team.bob)
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=bobs.pk, user_id=team.alice.id, level="view", by=team.bob.user
            )
        alice = signed_in(team.alice.user)
        assert alice.get(merge_page(bobs, kept)).status_code == 403
        assert alice.post(merge_page(kept, bobs), {"confirm": ""}).context["refusals"]
        assert signed_in(team.victor.user).get(merge_page(kept, gone)).status_code == 403
        assert signed_in(team.bob.user).get(merge_page(kept, gone)).status_code in (403, 404)

    def test_is_for_an_operator_too(self, team, kept, gone):
        browser = signed_in(make_operator())
        assert browser.post(merge_page(kept, gone), {"confirm": ""}).status_code == 302
        with tenant_scope(team.tenant.pk):
            assert CardMerge.objects.get().by is None

    def test_of_a_merged_card_leads_to_the_survivor(self, team, kept, gone):
        browser = signed_in(team.alice.user)
        browser.post(merge_page(kept, gone), {"confirm": ""})
        answer = browser.get(f"/admin/prospects/prospect/{gone.pk}/change/")
        assert answer.status_code == 301
        assert answer["Location"] == f"/admin/prospects/prospect/{kept.pk}/change/"
        bobs = signed_in(team.bob.user).get(f"/admin/prospects/prospect/{gone.pk}/change/")
        assert bobs.status_code == 404


class TestMergesList:
    def undo_page(self, team):
        with tenant_scope(team.tenant.pk):
            return reverse("admin:clients_cardmerge_undo", args=(CardMerge.objects.get().pk,))

    def test_undoes_a_merge(self, team, kept, gone):
        browser = signed_in(team.alice.user)
        browser.post(merge_page(kept, gone), {"confirm": ""})
        shown = browser.get("/admin/clients/cardmerge/").content.decode()
        assert f"(#{gone.pk})" in shown
        path = self.undo_page(team)
        assert browser.get(path).status_code == 200
        done = browser.post(path)
        assert done["Location"] == f"/admin/prospects/prospect/{gone.pk}/change/"
        assert browser.get(done["Location"]).status_code == 200
        assert browser.post(path).status_code == 403

    def test_says_why_a_merge_cannot_be_undone(self, team, kept, gone):
        browser = signed_in(team.alice.user)
        browser.post(merge_page(kept, gone), {"confirm": ""})
        with tenant_scope(team.tenant.pk):
            Contact.objects.filter(first_name="Jane").update(deleted_at=timezone.now())
        page = browser.post(self.undo_page(team))
        assert "Deleted since the merge: contacts (1)" in str(page.context["form"].errors)

    def test_shows_merges_of_cards_that_one_sees(self, team, kept, gone):
        signed_in(team.alice.user).post(merge_page(kept, gone), {"confirm": ""})
        shown = signed_in(team.bob.user).get("/admin/clients/cardmerge/").content.decode()
        assert f"(#{gone.pk})" not in shown
        assert signed_in(team.bob.user).post(self.undo_page(team)).status_code == 403
        assert signed_in(team.victor.user).post(self.undo_page(team)).status_code == 403
