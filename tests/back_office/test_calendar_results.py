"""What came of something is logged in the calendar; new things are planned on its days."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.models import FollowUpNote, Prospect
from prospects.pipeline.deleting import delete_prospect
from prospects.sharing.services import share_prospect
from sales.models import Activity
from tests.back_office.calendar_of import (
    CALENDAR,
    LOG,
    PLAN,
    at,
    follow_up,
    fresh,
    in_days,
    items,
    notes_of,
    post,
    sent,
    titles,
)
from tests.prospects.cards_of import card
from tests.races import at_once
from tests.sales.activities.activities_of import DEAL, about, activity
from tests.sales.deals.deals_of import deal
from tests.staff import errors_of, filled_in, form_of, make_operator, messages_of, signed_in

NASTY = "<b>hello</b>"


@pytest.fixture
def note(team):
    """Alice's follow-up of tomorrow, at half past nine."""
    return follow_up(team, team.alice, in_days(team, 1, "09:30"))


def logged(note, **more):
    said = {"result": "They want a quote", **more}
    return sent("follow_up", note.pk, note.scheduled_at) | said


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert answer.json()["message"]


class TestTheResultOfAFollowUp:
    def test_settles_it_and_is_a_note_of_the_card(self, team, note):
        answer = post(team.alice, LOG, logged(note, action="whatsapp"))
        assert answer.status_code == 200, answer.content
        planned, written = notes_of(team, note.prospect_id)
        assert planned.done_at is not None
        assert (written.note, written.action) == ("They want a quote", "whatsapp")
        assert (written.scheduled_at, written.created_by_id) == (None, team.alice.id)
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.get(pk=note.prospect_id).next_contact_at is None

    def test_plans_the_next_one(self, team, note):
        day = in_days(team, 8).date()
        post(team.alice, LOG, logged(note, next_day=day, next_clock="16:15"))
        _planned, written = notes_of(team, note.prospect_id)
        assert written.scheduled_at == in_days(team, 8, "16:15")
        with tenant_scope(team.tenant.pk):
            card = Prospect.objects.get(pk=note.prospect_id)
        assert card.next_contact_at == in_days(team, 8, "16:15")

    def test_plans_it_at_the_same_hour_unless_one_is_said(self, team, note):
        post(team.alice, LOG, logged(note, result="", next_day=in_days(team, 8).date()))
        _planned, written = notes_of(team, note.prospect_id)
        assert written.scheduled_at == in_days(team, 8, "09:30")
        assert written.note

    def test_may_be_that_it_is_done_and_nothing_else(self, team, note):
        assert post(team.alice, LOG, logged(note, result="")).status_code == 200
        (planned,) = notes_of(team, note.prospect_id)
        assert planned.done_at is not None

    def test_is_written_once_by_a_double_click(self, team, note):
        data = logged(note, next_day=in_days(team, 8).date())
        browser = signed_in(team.alice.user)
        assert browser.post(LOG, data).status_code == 200
        refused(browser.post(LOG, data), 412, "outdated")
        assert len(notes_of(team, note.prospect_id)) == 2

    @pytest.mark.django_db(transaction=True)
    def test_is_written_once_by_two_at_once(self, team, note):
        browsers = [signed_in(team.alice.user), signed_in(team.mona.user)]
        works = [lambda each=each: each.post(LOG, logged(note)).status_code for each in browsers]
        assert sorted(at_once(*works)) == [200, 412]
        assert len(notes_of(team, note.prospect_id)) == 2

    def test_is_not_written_by_who_saw_another_day(self, team, note):
        seen = logged(note) | {"seen": in_days(team, 3).isoformat()}
        refused(post(team.alice, LOG, seen), 412, "outdated")
        assert len(notes_of(team, note.prospect_id)) == 1

    def test_is_kept_as_text(self, team, note):
        post(team.alice, LOG, logged(note, result=NASTY, next_day=in_days(team, 1).date()))
        assert NASTY in [item.detail for item in items(team.alice, day=in_days(team, 1).date())]
        shown = signed_in(team.alice.user).get(CALENDAR, {"day": in_days(team, 1).date()})
        assert NASTY not in shown.content.decode()

    def test_is_for_who_may_write_the_card(self, team, rivals, note):
        for person in (team.bob, rivals.ada):
            refused(post(person, LOG, logged(note)), 404, "not_found")
        refused(post(team.victor, LOG, logged(note)), 403, "forbidden")
        with tenant_scope(team.tenant.pk):
            let_in = {"user_id": team.bob.id, "level": "view", "by": team.alice.user}
            share_prospect(prospect_id=note.prospect_id, **let_in)
        refused(post(team.bob, LOG, logged(note)), 403, "forbidden")
        assert len(notes_of(team, note.prospect_id)) == 1

    def test_finds_no_card_that_was_deleted_meanwhile(self, team, note):
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=note.prospect_id, at=timezone.now())
        refused(post(team.alice, LOG, logged(note)), 404, "not_found")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "event"},
            {"result": "x" * 10_001},
            {"result": "a\0b"},
            {"action": "dance"},
            {"next_day": "x"},
            {"next_day": "0001-01-01"},
            {"next_day": "9999-12-31"},
            {"next_day": "2026-12-01", "next_clock": "x"},
        ],
    )
    def test_is_refused_when_it_cannot_be_read(self, team, note, wrong):
        refused(post(team.alice, LOG, logged(note, **wrong)), 400, "invalid")
        (planned,) = notes_of(team, note.prospect_id)
        assert planned.done_at is None


class TestTheResultOfAnActivity:
    @pytest.fixture
    def row(self, team):
        sold = deal(team, team.alice)["id"]
        due = in_days(team, 1, "12:00").isoformat()
        made = activity(team.alice, due_at=due, notes="Bring samples", **about(DEAL, sold))
        with tenant_scope(team.tenant.pk):
            return Activity.objects.get(pk=made["id"])

    def logged(self, row, **more):
        return sent("activity", row.pk, row.due_at, **{"result": "They liked them", **more})

    def test_completes_it_and_stands_below_its_notes(self, team, row):
        assert post(team.alice, LOG, self.logged(row)).status_code == 200
        now = fresh(team, row)
        assert (now.status, now.notes) == ("completed", "Bring samples\n\nThey liked them")
        assert now.completed_at is not None

    def test_plans_the_same_again(self, team, row):
        post(team.alice, LOG, self.logged(row, next_day=in_days(team, 8).date()))
        with tenant_scope(team.tenant.pk):
            again = Activity.objects.exclude(pk=row.pk).get()
        assert (again.subject, again.deal_id, again.user_id) == (
            row.subject,
            row.deal_id,
            team.alice.id,
        )
        assert (again.due_at, again.status) == (in_days(team, 8, "12:00"), "pending")

    def test_is_written_once_by_a_double_click(self, team, row):
        data = self.logged(row, next_day=in_days(team, 8).date())
        assert post(team.alice, LOG, data).status_code == 200
        refused(post(team.alice, LOG, data), 412, "outdated")
        with tenant_scope(team.tenant.pk):
            assert Activity.objects.count() == 2

    def test_is_refused_where_the_notes_are_full(self, team, row):
        refused(post(team.alice, LOG, self.logged(row, result="x" * 9_990)), 400, "invalid")
        assert fresh(team, row).status == "pending"

    def test_is_for_who_may_write_it(self, team, rivals, row):
        for person in (team.bob, rivals.ada):
            refused(post(person, LOG, self.logged(row)), 404, "not_found")
        refused(post(team.victor, LOG, self.logged(row)), 403, "forbidden")
        assert fresh(team, row).status == "pending"


class TestPlanning:
    def planned(self, person, pk):
        """A follow-up that is planned on the page as it is handed out."""
        browser = signed_in(person.user)
        asked = browser.get(PLAN, {"on": "2026-11-25", "clock": "14:00", "span": "week"})
        when = {"scheduled_at_0": "2026-11-25", "scheduled_at_1": "14:00"}
        form = filled_in(asked, prospect=pk, note="Ask for the order", **when)
        path = f"{PLAN}?on=2026-11-25&span=week&day=2026-11-25&whose=mine"
        return browser.post(path, form)

    def test_proposes_the_hour_that_was_clicked(self, team):
        browser = signed_in(team.alice.user)
        for query, day, clock in (
            ({"on": "2026-11-25", "clock": "14:00"}, "2026-11-25", "14:00"),
            ({"on": "2026-11-25", "clock": ""}, "2026-11-25", "10:00"),
        ):
            proposed = form_of(browser.get(PLAN, query)).initial["scheduled_at"]
            assert proposed.isoformat().startswith(f"{day}T{clock}")

    @pytest.mark.parametrize("on", ["", "x", "0001-01-01", "9999-12-31", "2026-02-30"])
    def test_bears_days_that_there_are_not(self, team, on):
        assert signed_in(team.alice.user).get(PLAN, {"on": on, "clock": on}).status_code == 200

    def test_writes_it_and_goes_back_to_the_same_days(self, team):
        made = card(team, owner=team.alice)
        answer = self.planned(team.alice, made.pk)
        assert answer.status_code == 302, errors_of(answer)
        assert answer["Location"] == f"{CALENDAR}?span=week&day=2026-11-25&whose=mine"
        assert titles(team.alice, span="week", day="2026-11-25") == ["Acme Corp"]
        (note,) = notes_of(team, made)
        assert note.scheduled_at == at(team, date(2026, 11, 25), "14:00")

    def test_plans_once_what_is_sent_twice(self, team):
        made = card(team, owner=team.alice)
        for _ in range(2):
            assert self.planned(team.alice, made.pk).status_code == 302
        assert len(notes_of(team, made)) == 1

    def test_takes_only_cards_that_one_sees_and_may_write(self, team, rivals):
        theirs, hers = card(rivals, owner=rivals.alice), card(team, owner=team.alice)
        shown = card(team, owner=team.alice, company_name="Shown")
        with tenant_scope(team.tenant.pk):
            let_in = {"user_id": team.bob.id, "level": "view", "by": team.alice.user}
            share_prospect(prospect_id=shown.pk, **let_in)
        for pk in (theirs.pk, hers.pk, "9" * 40, "x", ""):
            assert list(errors_of(self.planned(team.bob, pk))) == ["prospect"]
        assert list(errors_of(self.planned(team.bob, shown.pk))) == ["__all__"]
        with tenant_scope(team.tenant.pk):
            assert not FollowUpNote.objects.exists()

    def test_refuses_what_is_no_day_or_no_text(self, team):
        made = card(team, owner=team.alice)
        for wrong in ({"scheduled_at_0": "0001-01-01"}, {"scheduled_at_0": "x"}, {"note": ""}):
            form = {"prospect": made.pk, "note": "x", "action": "call"}
            moment = {"scheduled_at_0": "2026-11-25", "scheduled_at_1": "10:00"}
            browser = signed_in(team.alice.user)
            assert errors_of(browser.post(PLAN, {**form, **moment, **wrong}))
        assert notes_of(team, made) == []

    def test_is_not_for_viewers_nor_for_operators_of_no_tenant(self, team):
        assert signed_in(team.victor.user).get(PLAN).status_code == 403
        assert signed_in(team.victor.user).post(PLAN).status_code == 403
        answer = signed_in(make_operator()).get(PLAN, follow=True)
        assert messages_of(answer)

    def test_of_an_activity_proposes_the_hour_too(self, team):
        path = reverse("admin:sales_activity_add")
        browser = signed_in(team.alice.user)
        asked = form_of(browser.get(path, {"due_at": "2026-11-25 14:00"}))
        proposed = asked.get_initial_for_field(asked.fields["due_at"], "due_at")
        assert proposed.isoformat().startswith("2026-11-25T14:00")
        assert browser.get(path, {"due_at": "nonsense"}).status_code == 200
