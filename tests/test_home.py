"""The back office's first page: what waits for somebody today, and the way to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from crm_project.back_office.panels import MOST
from prospects.followups.services import add_note
from prospects.models import Prospect
from tests.people import Person, Team
from tests.prospects.cards_of import card
from tests.sales.activities.activities_of import activity
from tests.sales.deals.deals_of import deal
from tests.sales.documents.documents_of import day, quote, sent_invoice, sent_quote
from tests.staff import make_operator, signed_in

FOLLOW_UPS, NEW_LEADS, ACTIVITIES, DEALS, ANSWERS, DRAFTS, OVERDUE = range(7)
HOURS_AGO, TOMORROW = timedelta(hours=-3), timedelta(days=1)


def home(person: Person, **query: Any) -> Any:
    answer = signed_in(person.user).get(reverse("admin:index"), query)
    assert answer.status_code == 200
    return answer


def panel(person: Person, which: int, **query: Any) -> Any:
    return home(person, **query).context["panels"][which]


def titles(person: Person, which: int, **query: Any) -> list[str]:
    return [line.title for line in panel(person, which, **query).lines]


def planned(team: Team, owner: Person, name: str, distance: timedelta) -> Prospect:
    """A card of somebody, to be called in so long."""
    made = card(team, owner=owner, company_name=name)
    now = timezone.now()
    with tenant_scope(team.tenant.pk):
        plan = {"note": "Call", "scheduled_at": now + distance}
        add_note(prospect_id=made.pk, by=owner.user, at=now, **plan)
    return made


def waiting(team: Team, owner: Person) -> None:
    """One of everything that waits for somebody today."""
    planned(team, owner, "To call", HOURS_AGO)
    activity(owner, subject="To do", due_at=(timezone.now() + HOURS_AGO).isoformat())
    card(team, owner=owner, company_name="New")
    deal(team, owner, name="Closing", expected_close_date=day())
    sent_quote(owner)
    quote(owner)


class TestMyDay:
    def test_holds_what_is_due_and_not_what_is_planned_for_later(self, team):
        planned(team, team.alice, "Later", TOMORROW * 2)
        made = planned(team, team.alice, "Overdue", HOURS_AGO - TOMORROW)
        (line,) = panel(team.alice, FOLLOW_UPS).lines
        assert (line.title, line.is_late, line.owner) == ("Overdue", True, "")
        assert line.action.endswith(f"/{made.pk}/log-contact/")
        assert signed_in(team.alice.user).get(line.action).status_code == 200

    def test_loses_what_is_done(self, team):
        made = planned(team, team.alice, "Call me", HOURS_AGO)
        with tenant_scope(team.tenant.pk):
            told = {"note": "Talked", "at": timezone.now()}
            add_note(prospect_id=made.pk, by=team.alice.user, **told)
        assert titles(team.alice, FOLLOW_UPS) == []

    def test_holds_new_leads_until_somebody_contacts_them(self, team):
        card(team, owner=team.alice, company_name="New")
        card(team, owner=team.alice, company_name="Old", at=timezone.now() - timedelta(days=9))
        planned(team, team.alice, "Contacted", TOMORROW)
        assert titles(team.alice, NEW_LEADS) == ["New"]

    def test_holds_open_deals_of_this_month_and_those_that_are_late(self, team):
        deal(team, team.alice, name="Late", expected_close_date=day(-40))
        deal(team, team.alice, name="Far", expected_close_date=day(40))
        deal(team, team.alice, name="Won", expected_close_date=day(), stage_name="Ganado")
        assert titles(team.alice, DEALS) == ["Late"]

    def test_holds_quotes_and_invoices_that_wait(self, team):
        sent, draft = sent_quote(team.mona), quote(team.mona)
        sent_invoice(team.mona, issued_at=day(-5), due_at=day(-2))  # in any time zone
        sent_invoice(team.mona, due_at=day())
        assert sent["quote_number"] in titles(team.mona, ANSWERS)[0]
        assert draft["quote_number"] in titles(team.mona, DRAFTS)[0]
        (line,) = panel(team.mona, OVERDUE).lines
        assert line.is_late
        assert "208,800.00 MXN" in line.detail

    def test_is_empty_for_who_has_nothing(self, team):
        answer = home(team.bob)
        assert [each.count for each in answer.context["panels"]] == [0] * 7
        assert "Nadie espera una llamada." in answer.content.decode()

    def test_is_nobody_elses(self, team, rivals):
        waiting(team, team.alice)
        for person in (team.bob, rivals.ada):
            assert {each.count for each in home(person).context["panels"]} == {0}

    @pytest.mark.parametrize("whose", ["mine", "team"])
    def test_counts_what_the_lists_behind_it_show(self, team, whose):
        for owner in (team.alice, team.mona):
            waiting(team, owner)
        sent_invoice(team.mona, issued_at=day(-5), due_at=day(-2))  # in any time zone
        for person in (team.mona, team.alice):
            browser = signed_in(person.user)
            for each in home(person, whose=whose).context["panels"]:
                listed = browser.get(each.more)
                assert listed.status_code == 200, each.more
                assert listed.context["cl"].result_count == each.count, each.more

    def test_says_that_there_are_more_than_fit(self, team):
        for number in range(MOST + 2):
            card(team, owner=team.alice, company_name=f"New {number}")
        found = panel(team.alice, NEW_LEADS)
        assert found.shown_count == f"{MOST}+"
        assert len(found.lines) < 10

    def test_shows_html_as_text(self, team):
        planned(team, team.alice, "<script>alert(1)</script>", HOURS_AGO)
        assert b"<script>alert(1)" not in home(team.alice).content

    def test_takes_as_many_statements_for_many(self, team, django_assert_max_num_queries):
        for _number in range(3):
            waiting(team, team.mona)
        browser = signed_in(team.mona.user)
        with django_assert_max_num_queries(12):
            browser.get(reverse("admin:index"))


class TestTheTeamsDay:
    def test_is_shown_first_to_who_sees_everybodys(self, team):
        planned(team, team.alice, "Hers", HOURS_AGO)
        (line,) = panel(team.mona, FOLLOW_UPS).lines
        assert (line.title, line.owner) == ("Hers", str(team.alice.user))
        assert titles(team.mona, FOLLOW_UPS, whose="mine") == []

    def test_is_not_for_sellers(self, team):
        planned(team, team.alice, "Hers", HOURS_AGO)
        answer = home(team.bob, whose="team")
        assert not answer.context["is_team"]
        assert answer.context["panels"][FOLLOW_UPS].count == 0


class TestOperators:
    def test_are_asked_for_a_tenant(self, team):
        browser = signed_in(make_operator())
        answer = browser.get(reverse("admin:index"))
        assert answer.context["panels"] == []
        browser.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        assert len(browser.get(reverse("admin:index")).context["panels"]) == 7
