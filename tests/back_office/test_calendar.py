"""The calendar in the back office: what stands on its days, of whom, and the ways through it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Tenant
from core.tenancy import tenant_scope
from crm_project.back_office.calendar.finding import SHOWN
from prospects.pipeline.deleting import delete_prospect
from prospects.sharing.services import share_prospect
from tests.back_office.calendar_of import (
    CALENDAR,
    at,
    follow_up,
    in_days,
    items,
    move_to_zone,
    page,
    titles,
    today,
)
from tests.prospects.cards_of import card
from tests.sales.activities.activities_of import ACTIVITIES, DEAL, about, activity
from tests.sales.deals.deals_of import deal
from tests.sales.events.events_of import done, event, path_of
from tests.staff import make_operator, messages_of, signed_in

SPANS = ("month", "week", "day")


def one_of_each(team, person, **later):
    """A follow-up, an activity and an event at one hour of today."""
    follow_up(team, person, in_days(team, 0, "12:00"), company_name="Follow-up")
    activity(person, subject="Activity", due_at=in_days(team, 0, "12:00").isoformat())
    until = in_days(team, 0, "13:00").isoformat()
    event(person, title="Event", start_at=in_days(team, 0, "12:00").isoformat(), end_at=until)


class TestDays:
    @pytest.mark.parametrize("span", SPANS)
    def test_hold_follow_ups_activities_and_events(self, team, span):
        one_of_each(team, team.alice)
        assert titles(team.alice, span=span) == ["Activity", "Event", "Follow-up"]

    def test_are_those_of_the_month_in_whole_weeks(self, team):
        days = [day.date for day in page(team.alice, day="2026-02-10").context["days"]]
        assert (days[0], days[-1], len(days)) == (date(2026, 1, 26), date(2026, 3, 1), 35)
        days = [day.date for day in page(team.alice, day="2027-02-10").context["days"]]
        assert (days[0], days[-1], len(days)) == (date(2027, 2, 1), date(2027, 2, 28), 28)

    def test_are_a_week_from_monday_or_a_day(self, team):
        week = page(team.alice, day="2026-11-25", span="week").context["days"]
        assert (week[0].date, len(week)) == (date(2026, 11, 23), 7)
        (day,) = page(team.alice, day="2026-11-25", span="day").context["days"]
        assert day.date == date(2026, 11, 25)

    def test_mark_today(self, team):
        marked = [day.date for day in page(team.alice).context["days"] if day.is_today]
        assert marked == [today(team)]
        assert b'aria-current="date"' in page(team.alice).content

    def test_begin_and_end_by_the_tenants_clock(self, team):
        move_to_zone(team, "America/Mexico_City")
        for clock in ("00:00", "23:59"):
            follow_up(team, team.alice, at(team, date(2026, 5, 20), clock))
        follow_up(team, team.alice, at(team, date(2026, 5, 21), "00:00"))
        assert len(titles(team.alice, span="day", day="2026-05-20")) == 2

    @pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
    def test_of_23_or_25_hours_hold_what_is_on_them(self, team, day):
        move_to_zone(team, "Europe/Madrid")
        for clock in ("00:00", "23:30"):
            follow_up(team, team.alice, at(team, day, clock))
            follow_up(team, team.alice, at(team, day + timedelta(days=1), clock))
        for span, numbers in (("day", [2]), ("week", [0, 0, 0, 0, 0, 0, 2])):
            shown = page(team.alice, span=span, day=day.isoformat()).context["days"]
            assert [len(each.items) for each in shown] == numbers

    def test_show_in_weeks_the_hours_in_which_something_is(self, team):
        follow_up(team, team.alice, in_days(team, 0, "05:30"))
        follow_up(team, team.alice, in_days(team, 0, "00:00"), company_name="No hour")
        shown = page(team.alice, span="day").context
        assert shown["hours"] == list(range(5, 20))
        ((_day, slots),) = shown["columns"]
        assert [(hour, len(some)) for hour, some in slots if some] == [("", 1), (5, 1)]

    @pytest.mark.parametrize("day", ["x", "0001-01-01", "9999-12-31", "2026-02-30", "-", "٢٠٢٦"])
    @pytest.mark.parametrize("span", ["month", "week", "day", "year", ""])
    def test_bear_addresses_that_ask_for_nonsense(self, team, day, span):
        query = {"day": day, "span": span, "part": "9" * 30, "kinds": "x", "whose": "9" * 40}
        assert page(team.alice, **query).context["days"]

    def test_leave_out_and_do_not_count_what_is_deleted(self, team):
        note = follow_up(team, team.alice, in_days(team, 0))
        follow_up(team, team.alice, in_days(team, 0), company_name="Kept")
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=note.prospect_id, at=in_days(team, 0))
        for person in (team.alice, team.mona):
            (day,) = page(person, span="day").context["days"]
            assert ([item.title for item in day.items], day.total) == (["Kept"], 1)

    def test_show_html_as_text(self, team):
        nasty = "<script>alert(1)</script>"
        follow_up(team, team.alice, in_days(team, 0), company_name=nasty, note=f'"{nasty}')
        activity(team.alice, subject=nasty, due_at=in_days(team, 0).isoformat())
        for span in SPANS:
            assert b"<script>alert(1)" not in page(team.alice, span=span).content


class TestStates:
    def test_tell_what_is_overdue_from_what_is_done(self, team):
        late = follow_up(team, team.alice, in_days(team, -1))
        follow_up(team, team.alice, in_days(team, 1))
        done_one = follow_up(team, team.alice, in_days(team, -1, "11:00"))
        path = f"/prospects/{done_one.prospect_id}/notes/{done_one.pk}"
        team.alice.patch(path, {"done": True, "origin": "prospect"})
        states = {item.pk: (item.state, item.may_move) for item in items(team.alice, span="month")}
        states |= {
            item.pk: (item.state, item.may_move)
            for item in items(team.alice, day=in_days(team, -1).date().isoformat())
        }
        assert states[late.pk] == ("late", True)
        assert states[done_one.pk] == ("done", False)

    def test_call_what_has_no_hour_late_when_its_day_is_over(self, team):
        day = today(team).isoformat()
        follow_up(team, team.alice, in_days(team, 0, "00:00"))
        assert [item.state for item in items(team.alice, day=day, span="day")] == ["open"]

    def test_of_activities_and_events_that_are_cancelled(self, team):
        made = activity(team.alice, due_at=in_days(team, 0).isoformat())
        done(team.alice.put(f"{ACTIVITIES}/{made['id']}", {"status": "cancelled"}))
        feria = event(team.alice, start_at=in_days(team, 0, "23:00").isoformat())
        done(team.alice.post(path_of(feria["id"], "cancel")))
        assert {(item.state, item.may_move) for item in items(team.alice)} == {("off", False)}


class TestManyOnADay:
    @pytest.mark.parametrize("who", ["sales", "manager"])
    def test_are_counted_and_some_are_shown(self, team, who):
        person = team.everybody[who]
        of = card(team, owner=team.alice)
        for number in range(SHOWN["month"] + 3):
            follow_up(team, team.alice, in_days(team, 0, f"10:{number:02}"), of=of)
        activity(team.alice, due_at=in_days(team, 0, "23:00").isoformat())
        answer = page(person)
        (day,) = [day for day in answer.context["days"] if day.is_today]
        assert (len(day.items), day.total, day.more) == (SHOWN["month"], SHOWN["month"] + 4, 4)
        assert "+4 más" in answer.content.decode()
        (opened,) = signed_in(person.user).get(f"{CALENDAR}?{day.link}").context["days"]
        assert len(opened.items) == opened.total == SHOWN["month"] + 4

    @pytest.mark.parametrize("who", ["sales", "manager"])
    def test_are_read_a_part_at_a_time(self, team, who, monkeypatch):
        monkeypatch.setitem(SHOWN, "day", 2)
        of = card(team, owner=team.alice)
        for number in range(5):
            follow_up(team, team.alice, in_days(team, 0, f"10:{number:02}"), of=of)
        seen = []
        for part, left in ((1, 3), (2, 1), (3, 0), (4, 0)):
            (day,) = page(team.everybody[who], span="day", part=part).context["days"]
            assert day.more == left
            seen += [item.local.minute for item in day.items]
        assert seen == list(range(5))


class TestWhose:
    def test_is_ones_own_for_sellers_and_the_teams_for_who_sees_all(self, team):
        one_of_each(team, team.alice)
        assert titles(team.mona) == titles(team.victor) == ["Activity", "Event", "Follow-up"]
        assert titles(team.mona, whose="mine") == []
        assert titles(team.bob) == []

    def test_may_be_a_colleagues_for_who_sees_all(self, team):
        one_of_each(team, team.alice)
        assert len(titles(team.mona, whose=team.alice.id)) == 3
        assert titles(team.mona, whose=team.bob.id) == []

    def test_offers_colleagues_only_to_who_sees_all(self, team, rivals):
        named = {pk for pk, _name, _on in page(team.mona).context["colleagues"]}
        assert named == {each.id for each in (team.ada, team.alice, team.bob, team.victor)}
        assert page(team.bob).context["colleagues"] == []

    def test_that_may_not_be_asked_for_is_the_usual(self, team, rivals):
        one_of_each(team, team.alice)
        one_of_each(rivals, rivals.alice)
        assert titles(team.bob, whose=team.alice.id) == []
        asked = page(team.mona, whose=rivals.alice.id).context["asked"]
        assert asked.whose == "team"
        assert len(titles(team.mona, whose=rivals.alice.id)) == 3

    def test_of_all_that_a_seller_sees_holds_shared_cards_but_no_others(self, team):
        hidden = follow_up(team, team.alice, in_days(team, 0), company_name="Hidden")
        shared = follow_up(team, team.alice, in_days(team, 0), company_name="Shared")
        assert titles(team.bob, whose="team") == []
        with tenant_scope(team.tenant.pk):
            let_in = {"user_id": team.bob.id, "level": "view", "by": team.alice.user}
            share_prospect(prospect_id=shared.prospect_id, **let_in)
        (found,) = items(team.bob, whose="team")
        assert (found.title, found.may_move) == ("Shared", False)
        assert found.pk != hidden.pk

    def test_of_events_is_who_holds_them_or_comes(self, team):
        made = event(team.alice, title="Feria", start_at=in_days(team, 0, "23:00").isoformat())
        assert titles(team.bob, whose="mine") == []
        done(team.bob.post(path_of(made["id"], "rsvp"), {"status": "accepted"}))
        assert titles(team.bob, whose="mine") == ["Feria"]

    def test_is_never_another_tenants(self, team, rivals):
        one_of_each(rivals, rivals.alice)
        assert titles(team.ada) == []


class TestKinds:
    def test_are_chosen_in_the_address(self, team):
        one_of_each(team, team.alice)
        assert titles(team.alice, kinds="follow_up") == ["Follow-up"]
        assert titles(team.alice, kinds="activity.event") == ["Activity", "Event"]
        assert len(titles(team.alice, kinds="nothing")) == 3

    def test_are_toggled_by_links_that_keep_the_rest(self, team):
        one_of_each(team, team.alice)
        shown = page(team.alice, span="week", whose="team").context
        (_name, is_on, query, _kind) = shown["kinds"][0]
        assert is_on
        answer = signed_in(team.alice.user).get(f"{CALENDAR}?{query}")
        asked = answer.context["asked"]
        assert (asked.span, asked.whose, asked.kinds) == ("week", "team", ("activity", "event"))


class TestWaysThrough:
    @pytest.mark.parametrize(
        ("span", "earlier", "later"),
        [
            ("month", date(2026, 12, 1), date(2027, 2, 1)),
            ("week", date(2027, 1, 18), date(2027, 2, 1)),
            ("day", date(2027, 1, 29), date(2027, 1, 31)),
        ],
    )
    def test_lead_to_the_days_beside(self, team, span, earlier, later):
        browser = signed_in(team.alice.user)
        shown = page(browser, span=span, day="2027-01-30").context
        for name, day in (("earlier", earlier), ("later", later)):
            beside = browser.get(f"{CALENDAR}?{shown[name]}").context["asked"]
            assert (beside.span, beside.day) == (span, day)

    def test_lead_nowhere_that_does_not_answer(self, team):
        one_of_each(team, team.mona)
        browser = signed_in(team.mona.user)
        shown = page(browser).context
        queries = [query for name in ("spans", "whose", "kinds") for _, _, query, *_ in shown[name]]
        for query in (*queries, shown["now"], shown["days"][0].link):
            assert browser.get(f"{CALENDAR}?{query}").status_code == 200
        for item in items(browser):
            assert browser.get(item.link).status_code == 200

    def test_lead_from_where_it_was(self, team):
        browser = signed_in(team.alice.user)
        old = browser.get("/admin/sales/activity/calendar/?span=day")
        assert old["Location"] == f"{CALENDAR}?span=day"
        listed = browser.get(reverse("admin:sales_activity_changelist"), follow=True)
        assert CALENDAR in listed.content.decode()


class TestWhoMayLook:
    def test_is_nobody_who_has_not_signed_in(self, db):
        answer = Client().get(CALENDAR)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("admin:login"))

    def test_is_asked_for_a_tenant_as_operator(self, team):
        browser = signed_in(make_operator())
        assert messages_of(browser.get(CALENDAR, follow=True))
        browser.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        one_of_each(team, team.alice)
        assert len(titles(browser)) == 3

    def test_sees_it_in_their_language(self, team):
        assert "Seguimientos" in page(team.alice).content.decode()
        Tenant.objects.filter(pk=team.tenant.pk).update(language="en")
        assert "Follow-ups" in page(team.alice).content.decode()


class TestStatements:
    @pytest.mark.parametrize("span", SPANS)
    @pytest.mark.parametrize("who", ["manager", "sales", "viewer"])
    def test_are_few_and_as_many_for_much(self, team, span, who, django_assert_num_queries):
        browser = signed_in(team.everybody[who].user)
        one_of_each(team, team.alice)
        numbers = []
        for _ in range(2):
            with django_assert_num_queries(12, exact=False) as asked:
                page(browser, span=span, whose="team")
            numbers.append(len(asked))
            for _ in range(3):
                one_of_each(team, team.alice)
                sold = deal(team, team.alice)["id"]
                due = in_days(team, 0).isoformat()
                activity(team.alice, due_at=due, **about(DEAL, sold))
        assert numbers[1] <= numbers[0]  # of many only one kind may be shown
