"""Cards that look alike and are not the same are not shown as duplicates any more."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clients.duplicates.groups import possible_duplicates
from clients.models import DistinctCards
from core.tenancy import tenant_scope
from prospects.duplicates.probes import Evidence
from prospects.sharing.services import share_prospect
from tests.prospects.cards_of import card
from tests.staff import make_operator, signed_in

PAGE = reverse("admin:prospects_prospect_duplicates")


def shown(team, person):
    """The ids of each group of cards with one company's name."""
    with tenant_scope(team.tenant.pk):
        page = possible_duplicates(kind=Evidence.COMPANY, seen_by=person.user)
    return [{each.pk for each in group.cards} for group in page.groups]


def alike(person, made):
    return {row["id"] for row in person.get(f"/prospects/{made.pk}/duplicates").json()["data"]}


def dismiss(person, *ids):
    return signed_in(getattr(person, "user", person)).post(PAGE, {"card": list(ids)})


def pairs(team):
    with tenant_scope(team.tenant.pk):
        return set(DistinctCards.objects.values_list("one_id", "other_id"))


@pytest.fixture
def cards(team):
    return [card(team, owner=team.alice, company_name="Acme") for _ in range(3)]


class TestNotTheSame:
    def test_is_shown_neither_in_the_list_nor_on_the_cards(self, team, cards):
        one, other, third = cards
        assert shown(team, team.mona) == [{one.pk, other.pk, third.pk}]
        assert dismiss(team.alice, *(each.pk for each in cards)).status_code == 302
        assert shown(team, team.mona) == []
        assert alike(team.mona, one) == alike(team.mona, third) == set()

    def test_is_said_of_pairs_so_that_a_new_card_is_looked_at(self, team, cards):
        one, other, third = cards
        dismiss(team.alice, one.pk, other.pk)
        assert shown(team, team.mona) == [{one.pk, other.pk, third.pk}]
        assert alike(team.mona, one) == {third.pk}
        dismiss(team.alice, third.pk, one.pk)
        assert shown(team, team.mona) == [{other.pk, third.pk}]
        assert pairs(team) == {(one.pk, other.pk), (one.pk, third.pk)}

    def test_is_taken_back(self, team, cards):
        one, other, _third = cards
        dismiss(team.alice, one.pk, other.pk)
        browser = signed_in(team.alice.user)
        page = browser.get(PAGE, {"kind": "not-the-same"}).content.decode()
        assert "Alice Sales" in page
        with tenant_scope(team.tenant.pk):
            pair = DistinctCards.objects.get()
        assert f'name="pair" value="{pair.pk}"' in page
        browser.post(PAGE, {"pair": pair.pk})
        assert pairs(team) == set()
        assert alike(team.mona, one) >= {other.pk}

    def test_can_be_said_again(self, team, cards):
        ids = [each.pk for each in cards]
        for _ in range(2):
            dismiss(team.alice, *ids)
        assert len(pairs(team)) == 3

    def test_does_not_outlive_a_merge(self, team, cards):
        one, other, third = cards
        dismiss(team.mona, other.pk, third.pk)
        answer = team.mona.post(f"/prospects/{one.pk}/merge", {"from_id": other.pk})
        assert answer.status_code == 200, answer.content
        assert shown(team, team.mona) == [{one.pk, third.pk}]


class TestRefused:
    @pytest.mark.parametrize(
        "sent", [[], ["1"], ["x", "y"], ["9" * 30, "1"], ["-1", "0"], ["1\x00", "2"], ["²", "3"]]
    )
    def test_is_nonsense(self, team, cards, sent):
        answer = signed_in(team.mona.user).post(PAGE, {"card": sent}, follow=True)
        assert answer.status_code == 200
        signed_in(team.mona.user).post(PAGE, {"pair": "".join(sent) or "0"})
        assert pairs(team) == set()

    def test_are_more_than_a_group_has(self, team):
        ids = [card(team, company_name="Acme").pk for _ in range(21)]
        dismiss(team.mona, *ids)
        assert pairs(team) == set()

    def test_are_cards_of_others(self, team, rivals, cards):
        theirs, hidden = card(rivals, company_name="Acme"), card(team, owner=team.bob)
        for person, pk in ((team.mona, theirs.pk), (team.alice, hidden.pk)):
            dismiss(person, cards[0].pk, pk)
        assert pairs(team) == pairs(rivals) == set()

    def test_are_cards_that_one_may_only_look_at(self, team, cards):
        assert dismiss(team.victor, cards[0].pk, cards[1].pk).status_code == 403
        mine = card(team, owner=team.bob)
        with tenant_scope(team.tenant.pk):
            share_prospect(
                prospect_id=cards[0].pk,
                user_id=team.bob.id,
                level="view",
                by=team.alice.user,
            )
        dismiss(team.bob, cards[0].pk, mine.pk)
        assert pairs(team) == set()

    def test_is_what_others_said_of_cards_that_one_does_not_see(self, team, rivals, cards):
        dismiss(team.alice, cards[0].pk, cards[1].pk)
        with tenant_scope(team.tenant.pk):
            pk = DistinctCards.objects.get().pk
        for person in (team.bob, rivals.ada, team.victor):
            signed_in(person.user).post(PAGE, {"pair": pk})
        assert len(pairs(team)) == 1
        page = signed_in(team.bob.user).get(PAGE, {"kind": "not-the-same"})
        assert page.context["pairs"] == []

    def test_is_an_operator_who_acts_for_nobody(self, team, cards):
        answer = dismiss(make_operator(), cards[0].pk, cards[1].pk)
        assert answer.status_code == 302
        assert pairs(team) == set()


class TestDatabase:
    def test_holds_a_pair_once_and_in_order(self, in_tenant, cards):
        one, other, _third = cards
        DistinctCards.objects.create(one=one, other=other)
        for first, second in ((one, other), (other, one), (one, one)):
            with pytest.raises(IntegrityError), transaction.atomic():
                DistinctCards.objects.create(one=first, other=second)
