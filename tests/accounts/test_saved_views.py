from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import SavedView, User
from accounts.saved_views.services import save_view
from core.errors import InvalidInput, NotAllowed, NotFound
from core.tenancy import tenant_scope
from prospects.models import FollowUpCategory
from tests.prospects.cards_of import card, category
from tests.staff import errors_of, make_operator, messages_of, signed_in

LIST = reverse("admin:prospects_prospect_changelist")
SAVE = reverse("admin:accounts_savedview_save")
CARDS = "prospects.prospect"


def of(name, view):
    return reverse(f"admin:accounts_savedview_{name}", args=[view.pk])


def names(page):
    return {row.company_name for row in page.context["cl"].result_list}


def saved(person, query="", *, list_name=CARDS, **values):
    """A view, kept by this person."""
    with tenant_scope(person.user.tenant_id):
        given = {"name": "Mine", **values}
        return save_view(list_name=list_name, query=query, values=given, by=person.user)


@pytest.fixture
def ada(team):
    return signed_in(team.ada.user)


@pytest.fixture
def alice(team):
    return signed_in(team.alice.user)


class TestSaving:
    def test_from_a_list_opens_it_as_it_was(self, alice, team):
        old = category(team, "contacted").pk
        card(team, owner=team.alice, company_name="A", category_name="contacted", account_value=1)
        card(team, owner=team.alice, company_name="B", category_name="contacted", account_value=2)
        card(team, owner=team.alice, company_name="C")
        query = f"category__id__exact={old}&cols=title,value&o=-2&after=x&e=1&view=5"
        sent = {"list": CARDS, "query": query, "name": " Contacted ", "is_pinned": "on"}
        page = alice.post(SAVE, sent, follow=True)
        found = page.context["cl"]
        assert found.list_display == ["action_checkbox", "title", "value"]
        assert [row.company_name for row in found.result_list] == ["B", "A"]
        view = SavedView._base_manager.get()
        assert (view.name, view.columns, view.sort) == ("Contacted", ["title", "value"], ["-value"])
        assert view.filters == f"category__id__exact={old}"
        assert "Contacted" in alice.get(LIST).content.decode()

    def test_sorts_by_the_same_column_where_others_are_shown(self, alice, team):
        view = saved(team.alice, "cols=value,title&o=2")
        with tenant_scope(team.tenant.pk):
            SavedView.objects.update(columns=["created", "value", "title"])
        answer = alice.get(of("open", view))
        assert "o=3" in answer["Location"]

    @pytest.mark.parametrize(
        "query",
        [
            "nothing__exact=1",
            "category__id__exact=999999999",
            "category__id__exact=x",
            "created_at_from=yesterday",
            "cols=title,nothing",
            "owner__password=x",
            "q=" + "x" * 5000,
            "type__exact=9",
            "q=%00",
        ],
    )
    def test_refuses_what_the_list_does_not_know(self, alice, team, query):
        sent = {"list": CARDS, "query": query, "name": "Mine"}
        answer = alice.post(SAVE, sent)
        assert answer.status_code in (200, 400)
        assert not SavedView._base_manager.exists()

    def test_needs_a_name_that_is_free(self, alice, team):
        saved(team.alice, name="Mine")
        for name in ("", "mine", "x" * 81, "  "):
            answer = alice.post(SAVE, {"list": CARDS, "query": "", "name": name})
            assert "name" in errors_of(answer)
        alice.post(SAVE, {"list": "prospects.contact", "query": "", "name": "mine"})
        saved(team.bob, name="Mine")
        assert SavedView._base_manager.count() == 3

    def test_twice_keeps_one(self, alice, team):
        for _ in range(2):
            alice.post(SAVE, {"list": CARDS, "query": "", "name": "Mine"})
        assert SavedView._base_manager.count() == 1

    @pytest.mark.parametrize("name", ["nothing.at_all", "", "prospects.prospect\0"])
    def test_of_no_list_is_not_found(self, alice, name):
        assert alice.post(SAVE, {"list": name, "query": "", "name": "Mine"}).status_code == 404

    def test_is_of_lists_that_one_may_look_at(self, team):
        with pytest.raises(NotAllowed):
            saved(team.alice, list_name="accounts.user")

    def test_is_for_people_of_the_tenant(self, team):
        browser = signed_in(make_operator())
        sent = {"list": CARDS, "query": "", "name": "Mine"}
        assert messages_of(browser.post(SAVE, sent, follow=True))
        browser.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        assert errors_of(browser.post(SAVE, sent))
        assert not SavedView._base_manager.exists()

    def test_takes_a_form(self, alice):
        assert alice.get(SAVE).status_code == 405

    def test_of_each_list_works(self, ada, team):
        for model in ("prospect", "contact", "followupnote", "importjob"):
            saved(team.ada, list_name=f"prospects.{model}")
        for model in ("deal", "quote", "invoice", "contract", "activity", "payment", "event"):
            saved(team.ada, list_name=f"sales.{model}")
        saved(team.ada, list_name="clients.company")
        with tenant_scope(team.tenant.pk):
            views = list(SavedView.objects.all())
        for view in views:
            assert ada.get(of("open", view), follow=True).status_code == 200, view.list_name


class TestSharing:
    def test_is_for_managers(self, alice, team):
        sent = {"list": CARDS, "query": "", "name": "Ours", "is_shared": "on"}
        alice.post(SAVE, sent)
        assert not SavedView._base_manager.get().is_shared
        with pytest.raises(NotAllowed):
            saved(team.alice, name="Theirs", is_shared=True)
        signed_in(team.mona.user).post(SAVE, sent)
        assert SavedView._base_manager.filter(is_shared=True).count() == 1

    def test_shows_everybody_their_own_rows(self, alice, team):
        card(team, owner=team.alice, company_name="Mine")
        card(team, owner=team.bob, company_name="Bob's")
        view = saved(team.mona, "type__exact=1", is_shared=True)
        assert names(alice.get(of("open", view), follow=True)) == {"Mine"}
        assert names(signed_in(team.ada.user).get(of("open", view), follow=True)) == {
            "Mine",
            "Bob's",
        }

    def test_leaves_changing_to_managers(self, alice, team):
        view = saved(team.mona, is_shared=True)
        assert alice.post(of("change", view), {"name": "Changed"}).status_code == 403
        assert alice.post(of("delete", view), {"post": "yes"}).status_code == 403
        alice.post(of("ask_anew", view), {"query": "type__exact=1"})
        with tenant_scope(team.tenant.pk):
            view.refresh_from_db()
        assert (view.name, view.filters) == ("Mine", "")
        signed_in(team.ada.user).post(of("change", view), {"name": "Ours", "position": 1})
        with tenant_scope(team.tenant.pk):
            view.refresh_from_db()
        assert (view.name, view.position) == ("Ours", 1)


class TestChanging:
    def test_renames_pins_and_asks_anew(self, alice, team):
        view = saved(team.alice)
        alice.post(of("change", view), {"name": "Renamed", "position": 2})
        alice.post(of("ask_anew", view), {"query": "type__exact=3&view=1"})
        with tenant_scope(team.tenant.pk):
            view.refresh_from_db()
        assert (view.name, view.is_pinned, view.filters) == ("Renamed", False, "type__exact=3")

    def test_refuses_a_name_that_is_taken(self, alice, team):
        saved(team.alice, name="First")
        view = saved(team.alice, name="Second")
        answer = alice.post(of("change", view), {"name": "FIRST", "position": 0})
        assert "name" in errors_of(answer)

    def test_deletes(self, alice, team):
        view = saved(team.alice)
        alice.post(of("delete", view), {"post": "yes"})
        assert not SavedView._base_manager.exists()
        assert alice.get(of("open", view)).status_code == 404

    def test_a_view_of_somebody_else_does_not_exist(self, alice, team, rivals):
        for owner in (team.bob, rivals.ada):
            view = saved(owner, is_shared=owner is rivals.ada)
            for name in ("open", "change", "delete"):
                assert alice.get(of(name, view)).status_code == 404
            assert alice.post(of("ask_anew", view), {"query": ""}).status_code == 404
            assert "Mine" not in alice.get(LIST).content.decode()


class TestOpening:
    def test_says_which_filter_is_gone_and_shows_no_rows(self, alice, team):
        with tenant_scope(team.tenant.pk):
            gone = FollowUpCategory.objects.create(name="gone", label="Gone", position=99)
        card(team, owner=team.alice, company_name="Another")
        view = saved(team.alice, f"category__id__exact={gone.pk}")
        with tenant_scope(team.tenant.pk):
            gone.delete()
        page = alice.get(of("open", view))
        assert page.status_code == 200
        text = page.content.decode()
        assert "Another" not in text
        assert of("delete", view) in text

    @pytest.mark.parametrize(
        "broken",
        [
            {"filters": "renamed__exact=1"},
            {"filters": "created_at_from=mañana"},
            {"sort": ["-renamed"]},
            {"columns": ["renamed"]},
            {"list_name": "prospects.renamed"},
            {"filters": "type__exact=99"},
        ],
    )
    def test_bears_what_is_no_more(self, alice, team, broken):
        card(team, owner=team.alice, company_name="Another")
        view = saved(team.alice)
        with tenant_scope(team.tenant.pk):
            SavedView.objects.update(**broken)
        page = alice.get(of("open", view))
        assert page.status_code == 200
        assert "Another" not in page.content.decode()
        assert alice.get(reverse("admin:accounts_savedview_changelist")).status_code == 200

    def test_shows_no_more_rows_when_one_choice_is_left(self, ada, team):
        """Django leaves a filter out that has nothing to choose from."""
        with tenant_scope(team.tenant.pk):
            keep = FollowUpCategory.objects.in_order().first()
            FollowUpCategory.objects.exclude(pk=keep.pk).delete()
        card(team, company_name="Here")
        other = {"category__id__exact": keep.pk + 1}
        assert names(ada.get(LIST, other)) == set()
        assert names(ada.get(LIST, {"category__id__exact": keep.pk})) == {"Here"}

    def test_names_no_view_that_one_may_not_see(self, alice, team):
        view = saved(team.bob, name="Bob's secret")
        assert "secret" not in alice.get(LIST, {"view": view.pk}).content.decode()
        assert alice.get(LIST, {"view": "x"}).status_code == 200

    def test_shows_html_in_a_name_as_text(self, alice, team):
        saved(team.alice, name="<script>alert(1)</script>")
        assert "<script>alert(1)" not in alice.get(LIST).content.decode()


class TestService:
    def test_refuses_a_list_that_is_none(self, team):
        with pytest.raises(NotFound):
            saved(team.alice, list_name="nothing.here")

    def test_refuses_more_than_anybody_needs(self, team):
        with tenant_scope(team.tenant.pk):
            SavedView.objects.bulk_create(
                SavedView(list_name=CARDS, name=f"View {number}", owner=team.alice.user)
                for number in range(100)
            )
        with pytest.raises(InvalidInput):
            saved(team.alice)

    def test_goes_with_its_owner_s_tenant(self, team):
        saved(team.alice)
        with tenant_scope(team.tenant.pk):
            assert SavedView.objects.visible_to(User.objects.get(pk=team.bob.id)).count() == 0
