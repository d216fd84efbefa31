"""Activities in the back office: list, form, calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.models import Activity
from tests.sales.activities.activities_of import ACTIVITIES, DEAL, about, activity
from tests.sales.contacts.contacts_of import contact
from tests.sales.deals.deals_of import deal
from tests.staff import errors_of, filled_in, make_operator, messages_of, signed_in

CALENDAR = reverse("admin:sales_activity_calendar")


def page(name, *args):
    return reverse(f"admin:sales_activity_{name}", args=args)


def due(**later):
    return (timezone.now() + timedelta(**later)).isoformat()


class TestForm:
    def test_plans_and_completes(self, team):
        sold = deal(team, team.alice)
        browser = signed_in(team.alice.user)
        sent = filled_in(browser.get(page("add")), subject="Call", type="call", deal=sold["id"])
        answer = browser.post(page("add"), sent)
        assert answer.status_code == 302, errors_of(answer)
        (made,) = team.alice.get(ACTIVITIES).json()["data"]
        assert (made["activitable_type"], made["user_id"]) == (DEAL, team.alice.id)
        path = page("change", made["id"])
        browser.post(path, filled_in(browser.get(path), status="completed"))
        (made,) = team.alice.get(ACTIVITIES).json()["data"]
        assert made["completed_at"] is not None

    def test_refuses_two_subjects_and_those_of_others(self, team):
        maria, sold, bobs = contact(team.alice), deal(team, team.alice), deal(team, team.bob)
        browser = signed_in(team.alice.user)
        form = filled_in(browser.get(page("add")), subject="Call", type="call")
        both = browser.post(page("add"), {**form, "contact": maria["id"], "deal": sold["id"]})
        assert errors_of(both)
        hidden = browser.post(page("add"), {**form, "deal": bobs["id"]})
        assert list(errors_of(hidden)) == ["deal"]

    def test_completes_and_cancels_many(self, team):
        ids = [activity(team.alice)["id"] for _ in range(2)]
        browser, chosen = signed_in(team.alice.user), {ACTION_CHECKBOX_NAME: ids}
        browser.post(page("changelist"), {"action": "cancel", **chosen})
        answer = browser.post(page("changelist"), {"action": "complete", **chosen}, follow=True)
        assert "cancelled" in messages_of(answer)
        with tenant_scope(team.tenant.pk):
            assert set(Activity.objects.values_list("status", flat=True)) == {"cancelled"}


class TestCalendar:
    def test_shows_a_week_and_a_day_of_what_one_sees(self, team, rivals):
        activity(
            team.alice, subject="Now", due_at=due(), **about(DEAL, deal(team, team.alice)["id"])
        )
        activity(team.alice, subject="In two weeks", due_at=due(days=14))
        activity(team.bob, subject="Bobs", due_at=due())
        activity(rivals.alice, subject="Theirs", due_at=due())
        browser = signed_in(team.alice.user)
        for query in ({}, {"span": "day"}, {"whose": "mine"}):
            shown = browser.get(CALENDAR, query).content.decode()
            assert "Now" in shown
            assert not any(name in shown for name in ("In two weeks", "Bobs", "Theirs"))
        later = (timezone.localdate() + timedelta(days=14)).isoformat()
        assert "In two weeks" in browser.get(CALENDAR, {"day": later}).content.decode()
        mona = signed_in(team.mona.user)
        assert "Bobs" in mona.get(CALENDAR).content.decode()
        assert "Bobs" not in mona.get(CALENDAR, {"whose": "mine"}).content.decode()

    @pytest.mark.parametrize("day", ["x", "0001-01-01", "9999-12-31", "2026-02-30", "-"])
    def test_bears_days_that_there_are_not(self, team, day):
        assert signed_in(team.alice.user).get(CALENDAR, {"day": day}).status_code == 200

    def test_asks_few_statements(self, team, django_assert_max_num_queries):
        for _ in range(5):
            activity(team.alice, due_at=due())
        browser = signed_in(team.alice.user)
        with django_assert_max_num_queries(12):
            browser.get(CALENDAR)

    def test_asks_an_operator_for_a_tenant(self, team):
        answer = signed_in(make_operator()).get(CALENDAR, follow=True)
        assert messages_of(answer)
