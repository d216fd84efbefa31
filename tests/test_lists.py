"""Lists of the back office: counted, paged and sorted, however long they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from core.back_office_pages import MOST_COUNTED, PagedList
from core.tenancy import tenant_scope
from prospects.models import LeadStatus, Prospect, Service
from prospects.pipeline.bulk import insert_cards, new_card, starting_category_id
from tests.prospects.cards_of import card, category
from tests.staff import signed_in

LIST = reverse("admin:prospects_prospect_changelist")


def names(page):
    return [row.company_name for row in page.context["cl"].result_list]


def follow(browser, page, which):
    return browser.get(LIST + page.context["cl"].page_urls[which])


def many_cards(team, count, **values):
    """Cards whose names say the order in which they are listed; all were made at once."""
    with tenant_scope(team.tenant.pk):
        at, start = timezone.now(), starting_category_id()
        numbered = [
            new_card(
                {"company_name": f"{number:05}", "owner_id": team.alice.id, **values},
                category_id=start,
                at=at,
            )
            for number in reversed(range(count))
        ]
        insert_cards(numbered)


@pytest.fixture
def ada(team):
    return signed_in(team.ada.user)


class TestEveryList:
    def test_is_a_paged_one(self):
        pages = admin.site._registry.values()
        assert {page.get_changelist(None) for page in pages} == {PagedList}


class TestPages:
    def test_lead_forth_and_back_through_every_row_once(self, ada, team):
        many_cards(team, 120)
        page, seen = ada.get(LIST), []
        while True:
            seen += names(page)
            if "next" not in page.context["cl"].page_urls:
                break
            page = follow(ada, page, "next")
        assert seen == [f"{number:05}" for number in range(120)]
        back = []
        while True:
            back = names(page) + back
            if "previous" not in page.context["cl"].page_urls:
                break
            page = follow(ada, page, "previous")
        assert back == seen

    def test_lead_to_the_last_rows_and_to_the_first(self, ada, team):
        many_cards(team, 120)
        last = follow(ada, ada.get(LIST), "last")
        assert names(last)[-1] == "00119"
        assert set(last.context["cl"].page_urls) == {"first", "previous"}
        assert names(follow(ada, last, "first"))[0] == "00000"

    @pytest.mark.parametrize("sort", ["7", "-7", "5", "-5", "1.-4"])
    def test_show_each_row_once_in_any_order_and_where_columns_are_empty(self, ada, team, sort):
        many_cards(team, 60)
        for number in range(60):
            soon = timezone.now() + timedelta(days=number % 3)
            card(team, company_name=f"With {number}", account_value=number % 4)
            if number % 2:
                with tenant_scope(team.tenant.pk):
                    Prospect.objects.filter(company_name=f"With {number}").update(
                        next_contact_at=soon
                    )
        page = ada.get(LIST, {"o": sort})
        seen = names(page)
        while "next" in page.context["cl"].page_urls:
            page = follow(ada, page, "next")
            seen += names(page)
        assert len(seen) == 120
        assert len(set(seen)) == 120

    def test_keep_filters_and_columns(self, ada, team):
        many_cards(team, 60)
        page = ada.get(LIST, {"type__exact": "1", "cols": "title,created", "q": "0"})
        following = page.context["cl"].page_urls["next"]
        assert {"type__exact=1", "cols=title%2Ccreated", "q=0"} <= set(following[1:].split("&"))

    def test_bear_places_that_are_none(self, ada, team):
        many_cards(team, 60)
        other = ada.get(LIST, {"o": "1"}).context["cl"].page_urls["next"].partition("after=")[2]
        for place in ("x", "WyJ4Il0:1:2", other):
            for name in ("after", "before"):
                assert names(ada.get(LIST, {name: place}))[0] == "00000"

    def test_of_lists_that_are_edited_in_place_are_of_forms(self, ada, team):
        with tenant_scope(team.tenant.pk):
            LeadStatus.objects.bulk_create(
                LeadStatus(name=f"Status {number}", position=100 + number) for number in range(70)
            )
        path = reverse("admin:prospects_leadstatus_changelist")
        first = ada.get(path)
        second = ada.get(path + first.context["cl"].page_urls["next"])
        shown = [page.context["cl"].formset.forms for page in (first, second)]
        assert len(shown[0]) == 50
        assert len(shown[1]) >= 20
        assert not {f.instance.pk for f in shown[0]} & {f.instance.pk for f in shown[1]}

    def test_answers_deep_pages_within_twelve_statements(
        self, ada, team, django_assert_max_num_queries
    ):
        many_cards(team, 120)
        second = follow(ada, ada.get(LIST), "next")
        with django_assert_max_num_queries(12):
            follow(ada, second, "next")


class TestNumbers:
    def test_are_written_as_in_documents_and_mails(self, ada, team):
        card(team, account_value="16577.50")
        assert ">16,577.50<" in "".join(ada.get(LIST).content.decode().split())


class TestCount:
    def test_is_exact_where_it_is_kept(self, ada, team):
        card(team, category_name="contacted")
        many_cards(team, 60)
        contacted = category(team, "contacted").pk
        for query, count in (
            ({}, 61),
            ({"category__id__exact": contacted}, 1),
            ({"type__exact": "3"}, 0),
            ({"type__exact": "1", "q": "00012"}, 1),
        ):
            assert ada.get(LIST, query).context["cl"].result_count == count

    def test_says_that_there_are_more_than_are_counted(self, team):
        many_cards(team, MOST_COUNTED + 5)
        alice, ada = signed_in(team.alice.user), signed_in(team.ada.user)
        found = alice.get(LIST).context["cl"]
        assert (found.is_capped, found.count_text) == (True, "10,000+")
        assert "10,000+" in alice.get(LIST).content.decode()
        kept = ada.get(LIST).context["cl"]
        assert (kept.is_capped, kept.count_text) == (False, "10,005")
        few = alice.get(LIST, {"q": "00012"}).context["cl"]
        assert (few.is_capped, few.result_count) == (False, 1)
        # A large list is sorted only by what an index serves.
        by_value = alice.get(LIST, {"o": "-5"})
        assert by_value.context["cl"].refused_sort
        assert names(by_value)[0] == "00000"
        by_day = alice.get(LIST, {"o": "8"}).context["cl"]
        assert not by_day.refused_sort
        assert by_day.queryset.query.order_by == ("created_at", "pk")
        assert by_day.sortable_by == ["created"]


class TestColumns:
    def test_are_those_asked_for_in_that_order(self, ada, team):
        card(team, company_name="Acme", email="a@acme.test")
        shown = ada.get(LIST, {"cols": "email,title,nothing,email"}).context["cl"].list_display
        assert shown == ["action_checkbox", "email", "title"]

    def test_that_are_none_leave_the_list_as_it_is(self, ada, team):
        shown = ada.get(LIST, {"cols": "search_text,deleted_at"}).context["cl"].list_display
        assert "title" in shown
        assert "search_text" not in shown

    def test_keep_what_is_edited_in_place(self, ada, team):
        with tenant_scope(team.tenant.pk):
            Service.objects.create(name="Drones", position=9)
        path = reverse("admin:prospects_service_changelist")
        shown = ada.get(path, {"cols": "name"}).context["cl"].list_display
        assert {"name", "position", "is_active"} <= set(shown)

    def test_of_other_tables_are_read_with_the_list(self, ada, team, django_assert_max_num_queries):
        with tenant_scope(team.tenant.pk):
            status = LeadStatus.objects.create(name="Hot", position=1)
        for _ in range(20):
            card(team, lead_status_id=status.pk)
        with django_assert_max_num_queries(12):
            page = ada.get(LIST, {"cols": "title,campaign,lead_status"})
        assert "Hot" in page.content.decode()
