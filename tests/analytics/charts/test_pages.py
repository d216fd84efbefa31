"""The dashboard in the back office: what it shows, and that each number lists what it counts."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from accounts.models import Tenant
from analytics.charts.numbers import change
from analytics.leads.services import sync_leads
from core.tenancy import tenant_scope
from tests.analytics.dashboard.invented import invent
from tests.analytics.operations_of import company, recharge, shipment
from tests.prospects.cards_of import card
from tests.staff import errors_of, make_operator, messages_of, signed_in

DASHBOARD = reverse("admin:analytics_dashboard")
LEADS = reverse("admin:analytics_dashboard_leads")
ALL_TIME = {"startDate": "", "endDate": ""}
NUMBER = re.compile(r'class="chart-number" href="([^"]*)">([^<]*)<')
MONEY_AND_SHARES = re.compile(r"[.,]\d{1,2}$")


@pytest.fixture
def english(team):
    Tenant.objects.filter(pk=team.tenant.pk).update(language="en")
    team.mona.user.refresh_from_db()


def charts_of(page):
    text = re.search(r'<script id="charts"[^>]*>(.*?)</script>', page.content.decode(), re.S)
    return {chart["name"]: chart for chart in json.loads(text[1])["charts"]}


def listed(browser, url):
    page = browser.get(unescape(url))
    assert page.status_code == 200, url
    return page.context["page"].paginator.count


@pytest.mark.usefixtures("in_tenant")
class TestDashboard:
    def test_opens_with_the_last_thirty_days(self, team):
        answer = signed_in(team.mona.user).get(DASHBOARD)
        today = timezone.now().astimezone(team.tenant.zone).date()
        wanted = f"{DASHBOARD}?startDate={today - timedelta(days=30)}&endDate={today}"
        assert answer["Location"] == wanted
        chosen = [
            each["is_chosen"] for each in signed_in(team.mona.user).get(wanted).context["presets"]
        ]
        assert chosen[0]

    def test_is_in_the_menu(self, team):
        page = signed_in(team.alice.user).get(reverse("admin:index"))
        assert f'href="{DASHBOARD}"' in page.content.decode()

    def test_of_a_tenant_without_leads_shows_zeros_and_a_kind_word(self, team, english):
        page = signed_in(team.mona.user).get(DASHBOARD, ALL_TIME)
        text = page.content.decode()
        assert "There are no leads yet" in text
        assert {number for _url, number in NUMBER.findall(text)} == {"0", "0.00", "0.0"}
        assert 'id="charts"' not in text

    def test_says_when_filters_leave_nothing(self, team, english):
        card(team)
        sync_leads()
        page = signed_in(team.mona.user).get(DASHBOARD, {**ALL_TIME, "stage": "won"})
        assert "No leads match these filters" in page.content.decode()

    def test_compares_with_the_period_before(self, team, english):
        for day in ("2026-03-10", "2026-03-07", "2026-03-08"):
            card(team, company_name=day, created_at=f"{day}T12:00:00-06:00")
        sync_leads()
        days = {"startDate": "2026-03-10", "endDate": "2026-03-12"}
        leads = signed_in(team.mona.user).get(DASHBOARD, days).context["kpis"][0]
        assert leads["delta"] == {"text": "▼ 50.0 %", "is_good": False}
        assert ">2<" in leads["previous"]

    def test_draws_what_the_payload_holds(self, team, english):
        card(team, owner=team.alice)
        card(team, company_name="Lost", category_name="customer_lost", owner=team.alice)
        shipment(company(team))
        recharge(company(team, owner=team.bob))
        sync_leads()
        charts = charts_of(signed_in(team.mona.user).get(DASHBOARD, ALL_TIME))
        assert set(charts) == {"funnel", "outcomes", "executives", "tiers", "products"}
        assert charts["outcomes"]["labels"] == ["Won", "In recharge", "Remaining", "Lost"]
        assert charts["outcomes"]["series"][0]["values"] == [1, 1, 1, 1]
        assert charts["executives"]["labels"] == ["Alice Sales", "Nobody", "Bob Sales"]
        assert [part["values"] for part in charts["executives"]["series"]] == [
            [0, 1, 0],
            [1, 0, 1],
            [1, 0, 0],
        ]

    @pytest.mark.parametrize(
        "query",
        [
            ALL_TIME,
            {"startDate": "2026-01-01", "endDate": "2026-12-31", "tier": ["null", "1"]},
            {**ALL_TIME, "stage": "customer_lost", "localeIds": ["1", "null"]},
            {**ALL_TIME, "salesman": "0", "product": "packageContent.clothing"},
        ],
        ids=str,
    )
    def test_leads_from_each_number_to_as_many_leads(self, team, english, query):
        invent(team, 40, seed=8, at=timezone.now())
        sync_leads()
        browser = signed_in(team.mona.user)
        page = browser.get(DASHBOARD, query)
        counts = NUMBER.findall(page.content.decode())
        assert counts
        shipments = {str(kpi["number"]) for kpi in page.context["kpis"][1:2]}
        shipments |= {str(kpi.get("previous")) for kpi in page.context["kpis"][1:2]}
        for url, number in counts:
            is_sum = any(f'href="{url}">{number}<' in text for text in shipments)
            found = listed(browser, url)
            if not MONEY_AND_SHARES.search(number) and not is_sum:
                assert found == int(number), url
        for chart in charts_of(page).values() if not page.context["is_empty"] else ():
            for series in chart["series"]:
                for value, url in zip(series["values"], series["urls"], strict=True):
                    if chart["name"] != "products":
                        assert listed(browser, url) == value

    def test_lists_the_oldest_with_links_to_their_cards(self, team):
        old = card(team, company_name="<b>Old</b>", created_at="2026-01-01T12:00:00Z")
        sync_leads()
        text = signed_in(team.mona.user).get(DASHBOARD, ALL_TIME).content.decode()
        url = reverse("admin:prospects_prospect_change", args=[old.pk])
        assert f'href="{url}">&lt;b&gt;Old&lt;/b&gt;</a>' in text

    def test_bears_names_that_would_end_a_script(self, team):
        team.alice.user.name = "</script><script>alert(1)</script>"
        team.alice.user.save()
        card(team, owner=team.alice)
        sync_leads()
        page = signed_in(team.mona.user).get(DASHBOARD, ALL_TIME)
        assert "<script>alert(1)" not in page.content.decode()
        assert charts_of(page)["executives"]["labels"] == [team.alice.user.name]

    def test_offers_the_executives_and_keeps_what_is_chosen(self, team):
        card(team, owner=team.alice)
        sync_leads()
        query = {**ALL_TIME, "salesman": f"{team.alice.id},{team.bob.id}", "tier": "1,2"}
        form = signed_in(team.mona.user).get(DASHBOARD, query).context["form"]
        offered = [str(value) for value, _ in form.fields["salesman"].widget.choices]
        assert offered == ["", str(team.alice.id), "null", query["salesman"]]
        assert form["tier"].value() == ["1", "2"]

    def test_answers_within_a_few_statements(self, team, django_assert_max_num_queries):
        invent(team, 30, seed=9, at=timezone.now())
        sync_leads()
        browser = signed_in(team.mona.user)
        for url in (DASHBOARD, LEADS):
            with django_assert_max_num_queries(18):
                assert browser.get(url, ALL_TIME).status_code == 200

    def test_brings_its_scripts_along(self):
        for name in (
            "back_office/charts.js",
            "back_office/charts.css",
            "analytics/dashboard.css",
            "unfold/js/chart/chart.js",
        ):
            assert finders.find(name), name

    def test_has_no_script_within_the_page(self, team):
        """What it draws lies in a JSON block; its script is a file."""
        card(team)
        sync_leads()
        text = signed_in(team.mona.user).get(DASHBOARD, ALL_TIME).content.decode()
        content = text[text.index('<div class="dash">') :]
        scripts = re.findall(r"<script([^>]*)>", content)
        assert all("src=" in each or "application/json" in each for each in scripts)


@pytest.mark.usefixtures("in_tenant")
class TestMistakeInAFilter:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"startDate": "2026-02-01"}, "endDate"),
            ({"endDate": "2026-02-01"}, "startDate"),
            ({"startDate": "2026-02-02", "endDate": "2026-02-01"}, "endDate"),
            ({"startDate": "yesterday", "endDate": "2026-02-01"}, "startDate"),
            ({"startDate": "2026-02-30", "endDate": "2026-03-01"}, "startDate"),
            ({"startDate": "1900-01-01", "endDate": "9999-12-31"}, "endDate"),
            ({"tier": "9"}, "tier"),
            ({"localeIds": "1,x"}, "localeIds"),
            ({"localeIds": "999999"}, "localeIds"),
            ({"salesman": "ana"}, "salesman"),
            ({"stage": "x" * 61}, "stage"),
        ],
        ids=str,
    )
    def test_is_named_beside_it(self, team, query, field):
        page = signed_in(team.mona.user).get(DASHBOARD, query)
        assert page.status_code == 200
        assert list(errors_of(page)) == [field]
        assert "kpis" not in page.context

    @pytest.mark.parametrize("query", ["figure=x", "tier=9", "startDate=2026-02-01", "salesman=x"])
    def test_in_the_address_of_a_list_is_said_on_the_dashboard(self, team, query):
        page = signed_in(team.mona.user).get(f"{LEADS}?{query}", follow=True)
        assert page.redirect_chain[0][0] == DASHBOARD
        assert query.split("=")[0] in messages_of(page) or "endDate" in messages_of(page)

    def test_may_not_hold_a_nul(self, team):
        assert signed_in(team.mona.user).get(f"{DASHBOARD}?stage=%00").status_code == 400


@pytest.mark.usefixtures("in_tenant")
class TestLeads:
    def test_are_shown_page_by_page(self, team):
        for number in range(53):
            card(team, company_name=f"C{number:02}")
        sync_leads()
        browser = signed_in(team.mona.user)
        seen = []
        for number in ("1", "2"):
            text = browser.get(LEADS, {"p": number}).content.decode()
            seen.append(len(re.findall('class="dash-name"', text)))
            assert ">53<" in text
        assert seen == [50, 3]
        for odd in ("0", "99", "x", "9" * 40):
            assert browser.get(LEADS, {"p": odd}).status_code == 200

    def test_say_what_they_are(self, team, english):
        client = company(
            team,
            owner=team.alice,
            locale_id=1,
            account_value="1200.50",
            monthly_shipments=40,
            created_at="2026-03-10T23:00:00-06:00",
        )
        shipment(client, client.prospect.created_at + timedelta(hours=2))
        sync_leads()
        table = signed_in(team.mona.user).get(LEADS, {"figure": "won"}).context["table"]
        (row,) = table["rows"]
        assert [str(cell) for cell in row[1:]] == [
            *("Alice Sales", "No tier", "Won", "03/10/2026"),
            *("03/11/2026", "1", "40", "1,200.50 MXN"),
        ]

    def test_know_the_way_back(self, team):
        page = signed_in(team.mona.user).get(LEADS, {"figure": "lost", "tier": "1", "p": "1"})
        assert page.context["back"] == f"{DASHBOARD}?startDate=&endDate=&tier=1"


class TestWhoMaySee:
    @pytest.fixture(autouse=True)
    def cards(self, team):
        with tenant_scope(team.tenant.pk):
            card(team, company_name="Mine", owner=team.alice)
            card(team, company_name="Theirs", owner=team.bob)
            sync_leads()

    @pytest.mark.parametrize(("who", "count"), [("mona", 2), ("victor", 2), ("alice", 1)])
    def test_counts_what_each_may_see(self, team, who, count):
        browser = signed_in(getattr(team, who).user)
        assert listed(browser, LEADS) == count
        page = browser.get(DASHBOARD, ALL_TIME)
        assert f">{count}<" in page.context["kpis"][0]["number"]
        assert ("Theirs" in page.content.decode()) == (count == 2)

    def test_shows_nothing_of_another_tenant(self, rivals, team):
        browser = signed_in(rivals.ada.user)
        for query in ({}, {"salesman": str(team.alice.id)}):
            assert listed(browser, f"{LEADS}?salesman={query.get('salesman', '')}") == 0
            page = browser.get(DASHBOARD, {**ALL_TIME, **query})
            assert "Mine" not in page.content.decode()
            assert "Alice" not in page.content.decode()

    @pytest.mark.parametrize("url", [DASHBOARD, LEADS])
    def test_needs_the_menu(self, team, url, monkeypatch):
        monkeypatch.setattr("accounts.users.roles.role_codes", lambda role: frozenset())
        assert signed_in(team.alice.user).get(url).status_code == 403

    @pytest.mark.parametrize("url", [DASHBOARD, LEADS])
    def test_sends_strangers_to_sign_in(self, client, url):
        assert client.get(url)["Location"].startswith(reverse("admin:login"))

    @pytest.mark.parametrize("url", [DASHBOARD, LEADS])
    def test_asks_an_operator_to_choose_a_tenant(self, url):
        page = signed_in(make_operator()).get(url, follow=True)
        assert page.redirect_chain[0][0] == reverse("admin:choose_tenant")
        assert messages_of(page)

    def test_shows_an_operator_the_tenant_they_chose(self, team, rivals):
        browser = signed_in(make_operator())
        for tenant, count in ((team.tenant, 2), (rivals.tenant, 0)):
            browser.post(reverse("admin:choose_tenant"), {"tenant": tenant.pk})
            assert listed(browser, LEADS) == count
            assert browser.get(DASHBOARD, ALL_TIME).status_code == 200


class TestChange:
    def test_is_in_percent_with_one_decimal(self):
        assert str(change(2, 3)) == "-33.3"
        assert str(change(3, 2)) == "50.0"

    def test_from_nothing_is_none(self):
        assert change(3, 0) is None
