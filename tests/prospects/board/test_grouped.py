from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.followups.services import add_note
from prospects.models import ProspectService, Service
from tests.prospects.cards_of import card, category

GROUPED, KPIS = "/prospects/grouped", "/prospects/kpis"
CONTRACT_KEYS = {
    "id",
    "company_name",
    "name",
    "email",
    "follow_up_id",
    "follow_name",
    "balance",
    "account_value",
    "last_contact",
    "salesman_name",
    "verified",
    "tier",
    "monthly_shipments",
    "services",
}
DEFAULT_CATEGORIES = [
    "new_lead",
    "contacted",
    "qualified",
    "negotiation",
    "active_client",
    "customer_lost",
    "disqualified",
]


def columns(person, **params) -> list[dict]:
    answer = person.get(GROUPED, params)
    assert answer.status_code == 200, answer.content
    return answer.json()["categories"]


def cards_by_name(person, **params) -> dict[str, list[int]]:
    return {
        column["name"]: [record["id"] for record in column["records"]]
        for column in columns(person, **params)
        if column["records"]
    }


class TestBoard:
    def test_has_every_category_in_its_order_empty_ones_included(self, team):
        assert [column["name"] for column in columns(team.alice)] == DEFAULT_CATEGORIES

    def test_shows_the_keys_of_the_contract(self, team):
        made = card(team, owner=team.alice, name="Ana")
        with tenant_scope(team.tenant.pk):
            service = Service.objects.first()
            ProspectService.objects.create(prospect=made, service=service)
            at = datetime(2026, 3, 15, 10, 30, 0, 999, tzinfo=UTC)
            add_note(prospect_id=made.pk, note="x", by=team.alice.user, at=at)
        (record,) = columns(team.alice)[0]["records"]
        assert record.keys() >= CONTRACT_KEYS
        assert record["services"] == [service.pk]
        assert record["last_contact"] == "2026-03-15T10:30:00Z"
        assert "days_uc" not in record

    def test_adds_the_columns_of_the_list_in_a_report(self, team):
        card(team)
        (record,) = columns(team.mona, report="true")[0]["records"]
        assert record["days_uc"] == 0

    def test_shows_only_the_category_asked_for(self, team):
        won = category(team, "active_client")
        made = card(team, category_name="active_client")
        card(team)
        (column,) = columns(team.mona, category=won.pk)
        assert [record["id"] for record in column["records"]] == [made.pk]

    def test_leaves_other_columns_empty_when_follow_is_asked_for(self, team):
        made, won = card(team), category(team, "active_client")
        assert cards_by_name(team.mona, follow=f"{made.category_id},{won.pk}") == {
            "new_lead": [made.pk]
        }

    def test_pages_each_category_on_its_own(self, team):
        new = [card(team).pk for _ in range(3)]
        won = [card(team, category_name="active_client").pk for _ in range(2)]
        page = {"start": 1, "length": 1}
        assert cards_by_name(team.mona, **page) == {"new_lead": [new[1]], "active_client": [won[0]]}

    def test_lets_a_report_be_a_thousand_cards_long(self, team):
        for _ in range(101):
            card(team)
        assert len(cards_by_name(team.mona, length=5000)["new_lead"]) == 100
        assert len(cards_by_name(team.mona, length=5000, report="1")["new_lead"]) == 101

    def test_sorts_within_the_columns(self, team):
        low, high = card(team, account_value=1), card(team, account_value=2)
        sort = {"sortBy": "account_value", "sortType": "desc"}
        assert cards_by_name(team.mona, **sort) == {"new_lead": [high.pk, low.pk]}

    def test_counts_only_when_asked_to(self, team):
        for _ in range(2):
            card(team, owner=team.alice)
        card(team, owner=team.bob)
        assert "count" not in columns(team.alice)[0]
        assert [c["count"] for c in columns(team.alice, counters="true", length=1)][:2] == [2, 0]
        assert columns(team.mona, counters="true", search="nobody")[0]["count"] == 0

    def test_shows_salespeople_their_own_cards(self, team):
        own = card(team, owner=team.alice)
        card(team, owner=team.bob)
        assert cards_by_name(team.alice) == {"new_lead": [own.pk]}

    def test_survives_filters_that_contradict_each_other(self, team):
        card(team)
        for params in ({"search": "..."}, {"type": "3"}, {"category": 10**15}):
            assert cards_by_name(team.mona, counters="true", **params) == {}
            assert team.mona.get(KPIS, params).status_code == 200

    def test_costs_at_most_four_statements(self, team, django_assert_max_num_queries):
        for name in DEFAULT_CATEGORIES:
            card(team, owner=team.alice, category_name=name)
        for person in (team.mona, team.alice):
            for params in ({"counters": "true"}, {"report": "true", "search": "acme"}):
                with django_assert_max_num_queries(4):
                    columns(person, **params)


class TestKpis:
    def test_add_up_count_and_value_of_every_category(self, team):
        card(team, account_value=Decimal("100.10"), locale_id=1)
        card(team, account_value=Decimal("0.25"), locale_id=2)
        card(team)
        card(team, category_name="active_client", account_value=5)
        figures = {row["category_name"]: row for row in team.mona.get(KPIS).json()}
        assert list(figures) == DEFAULT_CATEGORIES
        new = figures["new_lead"]
        assert (new["count"], new["total_value"]) == (3, 100.35)
        assert new["by_currency"] == {"MXN": 100.1, "USD": 0.25}
        assert new["category_id"] == category(team, "new_lead").pk
        assert figures["active_client"]["by_currency"] == {"MXN": 5}
        assert figures["contacted"] == {
            "category_id": category(team, "contacted").pk,
            "category_name": "contacted",
            "total_value": 0,
            "count": 0,
            "by_currency": {},
        }

    def test_agree_with_list_and_board_under_the_same_filters(self, team):
        for number in range(6):
            card(team, owner=team.alice, monthly_shipments=number * 10)
        for person, params in (
            (team.alice, {"minShipments": 20}),
            (team.mona, {"salesman": team.alice.id}),
            (team.bob, {}),
        ):
            by_kpis = sum(row["count"] for row in person.get(KPIS, params).json())
            by_list = person.get("/prospects/list", params).json()["recordsFiltered"]
            by_board = sum(c["count"] for c in columns(person, counters="true", **params))
            assert by_kpis == by_list == by_board

    def test_leave_out_other_peoples_cards_and_other_tenants(self, team, rivals):
        card(team, owner=team.bob, account_value=1)
        card(rivals, account_value=1)
        assert sum(row["count"] for row in team.alice.get(KPIS).json()) == 0
        assert sum(row["count"] for row in team.mona.get(KPIS).json()) == 1

    def test_cost_at_most_four_statements(self, team, django_assert_max_num_queries):
        card(team, owner=team.alice)
        with django_assert_max_num_queries(4):
            team.alice.get(KPIS, {"search": "acme"})


@pytest.mark.parametrize("path", [GROUPED, KPIS, "/prospects/list"])
class TestDoors:
    def test_are_closed_without_a_token(self, client, team, path):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.json()["statusCode"] == 401

    def test_take_no_other_method(self, team, path):
        assert team.mona.post(path, {}).status_code == 405


def test_a_card_that_moves_is_counted_in_its_new_category(team):
    made, won = card(team, owner=team.alice), category(team, "active_client")
    with tenant_scope(team.tenant.pk):
        add_note(prospect_id=made.pk, note="x", category_id=won.pk, by=None, at=timezone.now())
    counts = {c["name"]: c["count"] for c in columns(team.alice, counters="true")}
    assert (counts["new_lead"], counts["active_client"]) == (0, 1)
