from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clients.models import Company
from core.tenancy import tenant_scope
from prospects.calendar.serializers import ActivitySerializer
from prospects.followups.services import add_note
from tests.prospects.cards_of import card, category

MARCH = {"startDate": "2026-03-01", "endDate": "2026-03-31"}
URL = "/prospects/activities"


def plan(team, made, day, hour=15, **fields):
    """Plan a follow-up for a day of March 2026."""
    with tenant_scope(team.tenant.pk):
        return add_note(
            prospect_id=made.pk,
            note=fields.pop("note", "Call again"),
            by=team.alice.user,
            at=datetime(2026, 2, 1, tzinfo=UTC),
            scheduled_at=datetime(2026, 3, day, hour, tzinfo=UTC),
            **fields,
        )


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()]


class TestTheCalendar:
    def test_shows_what_is_planned_in_the_shape_of_the_contract(self, team):
        made = card(team, owner=team.alice, company_name="Acme", category_name="negotiation")
        note = plan(team, made, 15, action="call", note="Discuss pricing")
        (row,) = team.alice.get(URL, MARCH).json()
        assert row == {
            "id": note.pk,
            "entity_name": "Acme",
            "entity_type": "prospect",
            "entity_id": made.pk,
            "action": "call",
            "comment": "Discuss pricing",
            "scheduled_date": "2026-03-15T15:00:00Z",
            "created_by_name": "Alice Sales",
            "follow_name": "negotiation",
        }
        assert set(row) == set(ActivitySerializer().fields)

    def test_names_the_company_once_there_is_one(self, team):
        made = card(team, owner=team.alice, company_name="Acme")
        plan(team, made, 15)
        with tenant_scope(team.tenant.pk):
            company = Company.objects.create(prospect=made, pk=made.pk + 1000)
        (row,) = team.alice.get(URL, MARCH).json()
        assert (row["entity_type"], row["entity_id"], row["entity_name"]) == (
            "company",
            company.pk,
            "Acme",
        )

    def test_comes_oldest_first_by_days_of_the_tenants_zone(self, team):
        made = card(team, owner=team.alice)
        late = plan(team, made, 20)
        early = plan(team, made, 3)
        last = plan(team, made, 31, hour=23)  # 17:00 in Mexico
        february = plan(team, made, 1, hour=5)  # 23:00 of the day before
        assert ids(team.alice.get(URL, MARCH)) == [early.pk, late.pk, last.pk]
        day_before = {"startDate": "2026-02-28", "endDate": "2026-02-28"}
        assert ids(team.alice.get(URL, day_before)) == [february.pk]

    def test_is_open_to_all_but_shows_only_cards_in_sight(self, team, rivals):
        mine = plan(team, card(team, owner=team.alice), 10)
        helped = plan(team, card(team, owner=team.bob, team_roles={"kae": team.alice}), 11)
        bobs = plan(team, card(team, owner=team.bob), 12)
        assert ids(team.alice.get(URL, MARCH)) == [mine.pk, helped.pk]
        assert ids(team.mona.get(URL, MARCH)) == [mine.pk, helped.pk, bobs.pk]
        assert ids(rivals.ada.get(URL, MARCH)) == []

    def test_understands_the_filters_of_the_list(self, team):
        cafe = card(team, owner=team.alice, company_name="Café", category_name="contacted")
        other = card(team, owner=team.bob, type=3, team_roles={"csr": team.alice})
        first, second = plan(team, cafe, 10), plan(team, other, 11)
        assert ids(team.mona.get(URL, MARCH)) == [first.pk, second.pk]
        for query, found in (
            ({"search": "cafe"}, first),
            ({"follow": category(team, "contacted").pk}, first),
            ({"type": 3}, second),
            ({"source": "company"}, first),
            ({"source": "partner"}, second),
            ({"salesman": team.bob.id}, second),
            ({"csr": team.alice.id}, second),
            ({"csr": 0}, first),
        ):
            assert ids(team.mona.get(URL, {**MARCH, **query})) == [found.pk], query
            assert ids(team.alice.get(URL, {**MARCH, **query})) == [found.pk], query
        for name in ("onboarding", "ecommerce", "campaing"):
            assert ids(team.mona.get(URL, {**MARCH, name: 10**9})) == []

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"startDate": ""}, "startDate"),
            ({"endDate": ""}, "endDate"),
            ({"startDate": "yesterday"}, "startDate"),
            ({"endDate": "2026-02-31"}, "endDate"),
            ({"endDate": "2026-02-01"}, "endDate"),
            ({"endDate": "2027-03-02"}, "endDate"),
            ({"follow": "x"}, "follow"),
            ({"kae": "x"}, "kae"),
            ({"source": "x"}, "source"),
            ({"search": "x" * 256}, "search"),
            ({"search": "a\x00b"}, "search"),
        ],
    )
    def test_is_400_with_the_parameter_that_cannot_be_read(self, team, query, field):
        answer = team.alice.get(URL, {**MARCH, **query})
        assert answer.status_code == 400, answer.content
        assert list(answer.json()["validation"]) == [field]

    def test_covers_a_leap_year(self, team):
        leap = {"startDate": "2028-01-01", "endDate": "2028-12-31"}
        assert team.alice.get(URL, leap).status_code == 200

    def test_takes_two_statements_whatever_is_planned(self, team, django_assert_max_num_queries):
        for day in range(1, 20):
            plan(team, card(team, owner=team.alice), day)
        with django_assert_max_num_queries(2):
            assert len(team.alice.get(URL, MARCH).json()) == 19
