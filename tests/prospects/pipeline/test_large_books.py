from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from core.tenancy import across_tenants, tenant_scope
from prospects.models import CardCount, Prospect
from prospects.pipeline.bulk import insert_cards, new_card, starting_category_id
from prospects.pipeline.querysets import LARGE_BOOK, SHARE, has_large_book
from tests.prospects.cards_of import card

LIST = "/prospects/list"


@pytest.fixture
def large_book(team):
    """Alice owns more cards than are collected, and is assigned to one of Bob's."""
    theirs = card(team, owner=team.bob, company_name="Bob's", team_roles={"csr": team.alice})
    card(team, owner=team.bob, company_name="Not for Alice")
    with tenant_scope(team.tenant.pk):
        start, at = starting_category_id(), timezone.now()
        cards = (
            new_card({"company_name": f"C{n}", "owner_id": team.alice.id}, category_id=start, at=at)
            for n in range(LARGE_BOOK)
        )
        insert_cards(list(cards))
    return theirs


class TestALargeBook:
    def test_shows_the_cards_of_a_seller_and_no_others(self, team, large_book):
        answer = team.alice.get(LIST, {"search": "bob's"}).json()
        assert answer["recordsTotal"] == LARGE_BOOK + 1
        assert [row["id"] for row in answer["data"]] == [large_book.pk]
        assert team.alice.get(LIST, {"search": "not for"}).json()["recordsFiltered"] == 0

    def test_is_counted_on_the_board(self, team, large_book):
        board = team.alice.get("/prospects/grouped", {"counters": "true"}).json()["categories"]
        assert sum(column["count"] for column in board) == LARGE_BOOK + 1

    def test_costs_at_most_four_statements(self, team, large_book, django_assert_max_num_queries):
        for params in ({}, {"search": "c1"}, {"start": 50}):
            with django_assert_max_num_queries(4):
                team.alice.get(LIST, params)

    def test_is_none_among_very_many_cards(self, team, large_book):
        assert has_large_book(again(team.alice))
        with tenant_scope(team.tenant.pk):
            counted = CardCount.objects.filter(type=1).latest("pk")
            CardCount.objects.filter(pk=counted.pk).update(cards=LARGE_BOOK * SHARE * 2)
        assert not has_large_book(again(team.alice))


def again(person):
    """The user as the next request sees them."""
    with across_tenants():
        return User.objects.get(pk=person.id)


@pytest.mark.parametrize("is_large", [False, True])
def test_either_way_to_the_cards_of_a_seller_finds_the_same(team, rivals, is_large):
    own = card(team, owner=team.alice)
    assigned = card(team, owner=team.bob, team_roles={"kae": team.alice, "csr": team.alice})
    card(team, owner=team.bob)
    card(team)
    card(rivals)
    with tenant_scope(team.tenant.pk):
        found = Prospect.objects.of_seller(team.tenant.pk, team.alice.id, is_large=is_large)
        assert set(found.values_list("pk", flat=True)) == {own.pk, assigned.pk}
        assert found.count() == 2
