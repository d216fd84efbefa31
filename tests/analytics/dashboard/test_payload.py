from __future__ import annotations

import json
from decimal import Decimal
from itertools import product as every

import pytest
from django.http import QueryDict
from django.utils import timezone

from analytics.dashboard.filters import parse_filters
from analytics.dashboard.verifying import find_differences, without_links
from analytics.leads.services import sync_leads
from analytics.models import Lead
from clients.models import Company
from prospects.models import Content, FollowUpCategory, Prospect
from tests.analytics.dashboard.invented import invent
from tests.analytics.operations_of import company, days_ago, recharge, shipment, tier
from tests.prospects.cards_of import card

pytestmark = pytest.mark.usefixtures("in_tenant")
PATH = "/prospects/client-analytics"


@pytest.fixture
def ask(team):
    """What the dashboard says, numbers as they are written."""

    def ask(who=None, **query):
        answer = (who or team.mona).get(PATH, query)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content, parse_float=Decimal)

    return ask


def filters(**query):
    sent = QueryDict(mutable=True)
    sent.update(query)
    return parse_filters(sent)


class TestEveryFigure:
    """The same filters, worked out row by row in plain Python from the source tables."""

    def questions(self, team, at):
        today = at.astimezone(team.tenant.zone).date()
        days = {"startDate": f"{today.replace(day=1)}", "endDate": f"{today}"}
        month = {"startDate": f"{(days_ago(30)).date()}", "endDate": f"{today}"}
        periods = [{}, days, month, {"startDate": "2000-01-01", "endDate": "2000-01-31"}]
        narrowed = [
            {},
            {"localeIds": "1"},
            {"localeIds": "1,3,0"},
            {"salesman": f"{team.alice.id}"},
            {"salesman": f"0,{team.bob.id}"},
            {"tier": "1,2,5"},
            {"tier": "null,0"},
            *({"stage": stage} for stage in ("customer_lost", "won", "in_recharge", "new_lead")),
            {"stage": "nothing"},
            {"product": "packageContent.clothing"},
            {"product": "packageContent.clothing", "stage": "won", "localeIds": "1,2"},
            {"salesman": f"{team.mona.id}", "stage": "customer_lost", "tier": "null"},
        ]
        for period, narrow in every(periods, narrowed):
            yield filters(**period, **narrow)

    @pytest.mark.parametrize("seed", [1, 2])
    def test_is_what_its_rows_say(self, team, seed):
        at = timezone.now()
        invent(team, 60, seed=seed, at=at)
        sync_leads()
        questions = list(self.questions(team, at))
        assert list(find_differences(team.tenant, at=at, questions=questions)) == []

    def test_follows_what_happens_to_categories_at_once(self, team):
        """Kinds are joined when read: no sync in between, but for leads that were none before."""
        at = timezone.now()
        invent(team, 40, seed=3, at=at)
        sync_leads()
        FollowUpCategory.objects.filter(name="contacted").update(kind="won", name="yes")
        FollowUpCategory.objects.filter(name="negotiation").update(kind="lost")
        questions = [filters(), filters(stage="won"), filters(stage="customer_lost")]
        assert list(find_differences(team.tenant, at=at, questions=questions)) == []
        FollowUpCategory.objects.filter(name="qualified").update(kind="disqualified")
        found = list(find_differences(team.tenant, at=at, questions=questions))
        assert found
        assert all(line.startswith("card ") for line in found), "figures are right, leads stale"

    def test_is_wrong_when_a_lead_is(self, team):
        """The second opinion does see differences."""
        at = timezone.now()
        invent(team, 20, seed=4, at=at)
        sync_leads()
        Lead.objects.filter(pk=Lead.objects.first().pk).update(monthly_shipments=10_000)
        lines = list(find_differences(team.tenant, at=at))
        assert any("monthly_shipments is 10000" in line for line in lines)
        assert any("all time.kpis.total_shipments.current" in line for line in lines)
        sample = list(find_differences(team.tenant, at=at, sample=10**6))
        assert any("monthly_shipments is 10000" in line for line in sample)


class TestPayload:
    def test_of_a_tenant_without_data_is_zeros(self, ask):
        for query in ({}, {"startDate": "2026-01-01", "endDate": "2026-01-31", "stage": "won"}):
            payload = ask(**query)
            assert {tuple(kpi.values()) for kpi in payload["kpis"].values()} == {(0, 0)}
            assert set(payload["extra_kpis"].values()) == {0}
            assert set(payload["outcome_summary"].values()) == {0}
            assert [payload[name] for name in payload if name.startswith("by_")] == [[]] * 4
            assert payload["sales_funnel"] == payload["active_leads"] == []

    def test_tells_apart_how_far_leads_are(self, team, ask):
        card(team, company_name="New", owner=team.alice)
        card(team, company_name="Lost", category_name="customer_lost")
        card(team, company_name="Won", category_name="active_client")
        recharge(company(team))
        shipped = company(team, category_name="customer_lost")
        shipment(shipped)
        recharge(shipped)
        sync_leads()
        payload = ask()
        assert payload["outcome_summary"] == {
            "won": 1,
            "lost": 2,
            "in_recharge": 1,
            "remaining": 1,
        }
        stages = [(row["stage_name"], row["count"]) for row in payload["sales_funnel"]]
        assert stages == [("customer_lost", 2), ("in_recharge", 1), ("new_lead", 1), ("won", 1)]
        assert payload["sales_funnel"][0]["percentage"] == 40
        assert payload["extra_kpis"]["advancement_rate"] == 40
        bars = without_links(payload["by_executive_stage"])
        assert bars[0] == {
            "id": None,
            "name": "",
            "won": 1,
            "lost": 2,
            "remaining": 1,
            "total": 4,
        }
        assert without_links(payload["by_executive"]) == [
            {"id": team.alice.id, "name": "Alice Sales"}
        ]

    def test_compares_with_the_equally_long_period_before(self, team, ask):
        for day in ("2026-03-10", "2026-03-12", "2026-03-09", "2026-03-07", "2026-03-06"):
            noon = f"{day}T12:00:00-06:00"
            card(team, company_name=day, created_at=noon, monthly_shipments=2)
        sync_leads()
        kpis = ask(startDate="2026-03-10", endDate="2026-03-12")["kpis"]
        assert kpis["total_leads"] == {"current": 2, "previous": 2}
        assert kpis["total_shipments"] == {"current": 4, "previous": 4}

    def test_ends_days_at_midnight_of_the_tenant(self, team, ask):
        card(team, company_name="Before", created_at="2026-03-10T23:59:59-06:00")
        card(team, company_name="After", created_at="2026-03-11T00:00:00-06:00")
        sync_leads()
        for day in ("2026-03-10", "2026-03-11"):
            total = ask(startDate=day, endDate=day)["kpis"]["total_leads"]
            assert total["current"] == 1

    def test_counts_closing_days_between_local_days_when_it_was_won(self, team, ask):
        won = card(
            team,
            created_at="2026-03-10T23:00:00-06:00",
            category_name="active_client",
            category_changed_at="2026-03-12T01:00:00-06:00",
        )
        early = company(team, created_at="2026-04-10T12:00:00-06:00")
        shipment(early, Prospect.objects.get(pk=won.pk).category_changed_at)
        sync_leads()
        extra = ask()["extra_kpis"]
        assert extra["avg_closing_days"] == Decimal("-13.5")  # 2 days, and -29 before creation
        extra = ask(startDate="2026-03-12", endDate="2026-03-12")["extra_kpis"]
        assert extra["avg_closing_days"] == Decimal("-13.5")
        assert (
            ask(startDate="2026-03-10", endDate="2026-03-11")["extra_kpis"]["avg_closing_days"] == 0
        )

    def test_sums_up_in_dollars(self, team, ask):
        content = Content.objects.get(name="packageContent.food")
        for name, locale, value in (("A", 1, "100"), ("B", 2, "100"), ("C", None, "50.55")):
            card(
                team,
                company_name=name,
                locale_id=locale,
                account_value=value,
                monthly_shipments=10,
                content_id=content.pk,
            )
        sync_leads()
        payload = ask()
        (row,) = payload["by_product"]
        assert row["lead_count"] == 3
        cost = payload["kpis"]["avg_shipment_cost"]["current"]
        assert abs(row["total_value"] - 30 * cost) <= Decimal("0.15")

    def test_lists_tiers_of_open_leads_in_order(self, team, ask):
        card(team)
        for level in (5, 0):
            tier(company(team), level)
        won = company(team)
        tier(won, 3)
        shipment(won)
        sync_leads()
        assert [row["tier_label"] for row in ask()["by_tier"]] == ["", "T0", "T5"]
        assert [row["tier_label"] for row in ask(stage="won")["by_tier"]] == ["T3"]

    def test_lists_the_hundred_oldest_open_leads(self, team, ask):
        for number in range(103):
            card(team, company_name=f"C{number:03}", created_at=days_ago(number))
        card(team, company_name="Lost", created_at=days_ago(300), category_name="customer_lost")
        sync_leads()
        active = ask()["active_leads"]
        assert [row["name"] for row in active] == [f"C{number:03}" for number in range(102, 2, -1)]
        assert active[0]["age_days"] == 102
        assert [row["name"] for row in ask(stage="customer_lost")["active_leads"]] == ["Lost"]


class TestVisibility:
    def test_of_a_seller_ends_at_their_cards(self, team, ask):
        card(team, company_name="Mine", owner=team.alice)
        card(team, company_name="Theirs", owner=team.bob)
        card(team, company_name="Helping", owner=team.bob, team_roles={"kae": team.alice})
        sync_leads()
        payload = ask(team.alice)
        assert payload["kpis"]["total_leads"]["current"] == 2
        assert [row["name"] for row in payload["active_leads"]] == ["Mine", "Helping"]
        assert [row["name"] for row in payload["by_executive"]] == ["Alice Sales", "Bob Sales"]
        assert ask(team.alice, salesman=team.bob.id)["kpis"]["total_leads"]["current"] == 1
        assert ask(team.victor)["kpis"]["total_leads"]["current"] == 3

    def test_never_reaches_another_tenant(self, team, rivals, ask):
        Company.objects.create(prospect=card(team, owner=team.alice))
        sync_leads()
        assert ask(rivals.ada)["kpis"]["total_leads"]["current"] == 0
        theirs = ask(rivals.ada, salesman=team.alice.id)
        assert theirs["by_executive"] == []

    def test_may_not_be_left_out_by_who_lacks_the_menu(self, team, monkeypatch):
        monkeypatch.setattr("accounts.users.roles.role_codes", lambda role: frozenset())
        assert team.alice.get(PATH).status_code == 403


class TestMistake:
    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("startDate=2026-02-30&endDate=2026-03-01", "startDate"),
            ("startDate=yesterday&endDate=2026-03-01", "startDate"),
            ("startDate=2026-03-02&endDate=2026-03-01", "endDate"),
            ("endDate=2026-03-01", "startDate"),
            ("startDate=2026-03-01", "endDate"),
            ("startDate=1900-01-01&endDate=9999-12-31", "endDate"),
            ("tier=9", "tier"),
            ("tier=-1", "tier"),
            ("tier=T1", "tier"),
            ("tier=,", "tier"),
            ("localeIds=1,x", "localeIds"),
            ("localeIds=99999999999999999999", "localeIds"),
            ("salesman=ana", "salesman"),
            ("salesman=" + ",".join(["1"] * 600), "salesman"),
            ("stage=" + "x" * 61, "stage"),
            ("product=" + "x" * 121, "product"),
            ("stage=a%00b", "stage"),
        ],
    )
    def test_is_422_with_the_name_of_the_parameter(self, team, query, name):
        for path in (PATH, f"{PATH}/rows"):
            answer = team.mona.get(f"{path}?{query}")
            assert answer.status_code == 422, answer.content
            body = answer.json()
            assert (body["statusCode"], body["error"]) == (422, "Unprocessable Entity")
            assert list(body["validation"]) == [name]

    @pytest.mark.parametrize(
        "query",
        [
            "startDate=1900-01-01&endDate=2200-12-31",
            "startDate=2026-01-01&endDate=2026-01-01",
            "localeIds=&tier=&stage=+&unknown=1",
            "stage=won%27%3B--&product=%25s%20%25(x)s",
            "localeIds=922337203685477580",
        ],
    )
    def test_is_none_in_what_is_merely_odd(self, team, query):
        card(team)
        sync_leads()
        for path in (PATH, f"{PATH}/rows"):
            assert team.mona.get(f"{path}?{query}").status_code == 200


class TestRows:
    """Every figure has a link to exactly the leads it counts."""

    def count(self, team, url):
        answer = team.mona.get(url)
        assert answer.status_code == 200, answer.content
        return answer.json()["recordsFiltered"]

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"startDate": "2026-01-01", "endDate": "2026-12-31"},
            {"stage": "won"},
            {"stage": "customer_lost", "localeIds": "1,0"},
            {"salesman": "0", "tier": "null,1,2"},
            {"product": "packageContent.clothing"},
        ],
        ids=str,
    )
    def test_of_each_figure_are_as_many_as_it_says(self, team, ask, query):
        invent(team, 50, seed=5, at=timezone.now())
        sync_leads()
        payload = ask(**query)
        for (where, number), (_, url) in zip(
            self.figures(payload), self.links(payload), strict=True
        ):
            if url is None:
                assert number == 0, where
            else:
                assert self.count(team, url) == number, (where, url)

    def figures(self, payload):
        for name in ("total_leads", "total_lost"):
            for period in ("current", "previous"):
                yield f"{name}.{period}", payload["kpis"][name][period]
        yield "in_recharge", payload["extra_kpis"]["in_recharge"]
        yield from payload["outcome_summary"].items()
        for row in payload["sales_funnel"]:
            yield row["stage_name"], row["count"]
        for row in payload["by_executive_stage"]:
            for part in ("won", "lost", "remaining", "total"):
                yield f"{row['name']}.{part}", row[part]
        for row in payload["by_tier"]:
            yield row["tier_label"], row["count"]
        for row in payload["by_product"]:
            yield row["product_name"], row["lead_count"]

    def links(self, payload):
        bare = payload["rows_url"]
        for name in ("total_leads", "total_lost"):
            for period in ("current", "previous"):
                yield name, bare["kpis"][name][period]
        yield "in_recharge", bare["extra_kpis"]["in_recharge"]
        yield from bare["outcome_summary"].items()
        for row in payload["sales_funnel"]:
            yield row["stage_name"], row["rows_url"]
        for row in payload["by_executive_stage"]:
            for part in ("won", "lost", "remaining", "total"):
                yield part, row["rows_url"][part]
        for name in ("by_tier", "by_product"):
            for row in payload[name]:
                yield name, row["rows_url"]

    def test_of_averages_and_sums_add_up_to_them(self, team, ask):
        invent(team, 50, seed=6, at=timezone.now())
        sync_leads()
        days = {"startDate": str(days_ago(31).date()), "endDate": str(days_ago(-1).date())}
        payload = ask(**days)
        bare = payload["rows_url"]
        closed = self.rows(team, bare["extra_kpis"]["avg_closing_days"])
        assert closed
        average = Decimal(sum(row["closing_days"] for row in closed)) / len(closed)
        assert abs(average - payload["extra_kpis"]["avg_closing_days"]) <= Decimal("0.05")
        for period in ("current", "previous"):
            rows = self.rows(team, bare["kpis"]["total_shipments"][period])
            shipped = sum(row["monthly_shipments"] or 0 for row in rows)
            assert shipped == payload["kpis"]["total_shipments"][period]
        advanced = self.count(team, bare["extra_kpis"]["advancement_rate"])
        total = payload["kpis"]["total_leads"]["current"]
        rate = payload["extra_kpis"]["advancement_rate"]
        assert abs(rate - Decimal(100 * advanced) / total) <= Decimal("0.05")

    def rows(self, team, url):
        found = []
        while True:
            page = team.mona.get(f"{url}&start={len(found)}&length=20").json()
            found += page["data"]
            if len(found) == page["recordsFiltered"]:
                return found

    def test_of_an_executive_are_all_of_theirs(self, team, ask):
        invent(team, 30, seed=7, at=timezone.now())
        sync_leads()
        for row in ask(stage="won", localeIds="1")["by_executive"]:
            assert self.count(team, row["rows_url"]) == (
                Lead.objects.filter(owner_id=row["id"], locale_id=1).count()
            )

    def test_say_what_the_leads_are(self, team):
        one = company(team, owner=team.alice, created_at=days_ago(4), account_value="10.50")
        shipment(one, days_ago(1))
        tier(one, 2)
        sync_leads()
        page = team.alice.get(f"{PATH}/rows").json()
        (row,) = page["data"]
        assert page["recordsFiltered"] == 1
        expected = {
            "record_type": "company",
            "record_id": one.pk,
            "prospect_id": one.prospect_id,
            "name": one.name,
            "salesman": "Alice Sales",
            "tier_label": "T2",
            "stage_name": "won",
            "age_days": 4,
            "closing_days": 3,
            "account_value": 10.5,
        }
        assert row.items() >= expected.items()

    def test_end_at_the_cards_that_somebody_sees(self, team):
        card(team, owner=team.alice)
        sync_leads()
        assert team.bob.get(f"{PATH}/rows").json() == {"recordsFiltered": 0, "data": []}

    @pytest.mark.parametrize("query", ["figure=x", "start=-1", "length=0", "length=x"])
    def test_refuse_what_cannot_be_read(self, team, query):
        answer = team.mona.get(f"{PATH}/rows?{query}")
        assert answer.status_code == 422
        assert list(answer.json()["validation"]) == [query.split("=")[0]]

    def test_cost_few_statements(self, team, django_assert_max_num_queries):
        for number in range(30):
            card(team, company_name=f"C{number}", owner=team.alice)
        sync_leads()
        with django_assert_max_num_queries(6):
            assert len(team.mona.get(f"{PATH}/rows").json()["data"]) == 25
