"""Things of the calendar are moved to another day or hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.tenancy import tenant_scope
from prospects.models import Prospect
from prospects.pipeline.deleting import delete_prospect
from prospects.sharing.services import share_prospect
from sales.models import Activity, Event
from tests.back_office.calendar_of import (
    MOVE,
    at,
    follow_up,
    fresh,
    in_days,
    move_to_zone,
    post,
    sent,
    today,
)
from tests.races import at_once
from tests.sales.activities.activities_of import ACTIVITIES, activity
from tests.sales.events.events_of import add, done, event, maria, path_of
from tests.staff import make_operator, signed_in


@pytest.fixture
def note(team):
    """Alice's follow-up of tomorrow, at half past nine."""
    return follow_up(team, team.alice, in_days(team, 1, "09:30"))


def moved(team, note, **more):
    """What is sent to move a follow-up three days on."""
    day = (today(team) + timedelta(days=4)).isoformat()
    return sent("follow_up", note.pk, note.scheduled_at, **{"day": day, **more})


def refused(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert answer.json()["message"]


def card_of(team, note):
    with tenant_scope(team.tenant.pk):
        return Prospect.all_objects.get(pk=note.prospect_id)


class TestAFollowUp:
    def test_keeps_its_time_of_day_and_its_card_follows(self, team, note):
        answer = post(team.alice, MOVE, moved(team, note))
        assert answer.status_code == 200, answer.content
        assert fresh(team, note).scheduled_at == in_days(team, 4, "09:30")
        assert card_of(team, note).next_contact_at == in_days(team, 4, "09:30")
        assert "09:30" in answer.json()["message"]

    def test_gets_another_hour_where_one_is_sent(self, team, note):
        post(team.alice, MOVE, moved(team, note, clock="14:30"))
        assert fresh(team, note).scheduled_at == in_days(team, 4, "14:30")

    @pytest.mark.parametrize(
        ("was", "day", "becomes"),
        [
            ("2026-03-27T09:30", "2026-03-30", "2026-03-30T09:30"),  # over the change to summer
            ("2026-10-23T09:30", "2026-10-26", "2026-10-26T09:30"),  # over the change to winter
            ("2026-03-27T02:30", "2026-03-29", "2026-03-29T03:30"),  # an hour there is not
            ("2026-10-23T02:30", "2026-10-25", "2026-10-25T02:30"),  # an hour there is twice
        ],
    )
    def test_keeps_it_on_the_tenants_clock_when_that_is_changed(self, team, was, day, becomes):
        move_to_zone(team, "Europe/Madrid")
        zone = team.tenant.zone
        made = follow_up(team, team.alice, datetime.fromisoformat(was).replace(tzinfo=zone))
        data = sent("follow_up", made.pk, made.scheduled_at, day=day)
        assert post(team.alice, MOVE, data).status_code == 200
        shown = fresh(team, made).scheduled_at.astimezone(zone)
        assert shown.strftime("%Y-%m-%dT%H:%M") == becomes

    def test_without_an_hour_stays_without_one(self, team):
        made = follow_up(team, team.alice, in_days(team, 1, "00:00"))
        post(team.alice, MOVE, moved(team, made))
        assert fresh(team, made).scheduled_at == in_days(team, 4, "00:00")

    def test_of_a_client_is_moved_as_well(self, team, note):
        with tenant_scope(team.tenant.pk):
            Prospect.objects.filter(pk=note.prospect_id).update(type=2)
        assert post(team.mona, MOVE, moved(team, note)).status_code == 200

    def test_is_not_moved_by_who_saw_another_day(self, team, note):
        data = moved(team, note)
        assert post(team.mona, MOVE, {**data, "day": in_days(team, 2).date()}).status_code == 200
        refused(post(team.alice, MOVE, data), 412, "outdated")
        assert fresh(team, note).scheduled_at == in_days(team, 2, "09:30")

    def test_is_not_moved_once_it_is_done(self, team, note):
        path = f"/prospects/{note.prospect_id}/notes/{note.pk}"
        team.alice.patch(path, {"done": True, "origin": "prospect"})
        refused(post(team.alice, MOVE, moved(team, note)), 412, "outdated")
        assert fresh(team, note).done_at is not None

    def test_is_gone_with_its_card(self, team, note):
        with tenant_scope(team.tenant.pk):
            delete_prospect(prospect_id=note.prospect_id, at=timezone.now())
        refused(post(team.alice, MOVE, moved(team, note)), 404, "not_found")
        assert fresh(team, note).scheduled_at == note.scheduled_at


class TestAnActivity:
    def test_is_moved_until_it_is_done(self, team):
        made = activity(team.alice, due_at=in_days(team, 1).isoformat())
        with tenant_scope(team.tenant.pk):
            row = Activity.objects.get(pk=made["id"])
        data = sent("activity", row.pk, row.due_at, day=in_days(team, 2).date(), clock="16:00")
        assert post(team.alice, MOVE, data).status_code == 200
        assert fresh(team, row).due_at == in_days(team, 2, "16:00")
        refused(post(team.alice, MOVE, data), 412, "outdated")
        done(team.alice.put(f"{ACTIVITIES}/{row.pk}", {"status": "completed"}))
        later = sent("activity", row.pk, in_days(team, 2, "16:00"), day=in_days(team, 3).date())
        refused(post(team.alice, MOVE, later), 412, "outdated")

    def test_of_a_colleague_is_not_there(self, team, rivals):
        made = activity(team.alice, due_at=in_days(team, 1, "10:00").isoformat())
        data = sent("activity", made["id"], in_days(team, 1, "10:00"), day=in_days(team, 2).date())
        for person in (team.bob, rivals.ada):
            refused(post(person, MOVE, data), 404, "not_found")


def breakfast(team):
    """An event of an hour, in three days."""
    hours = {"start_at": in_days(team, 3, "08:00"), "end_at": in_days(team, 3, "09:00")}
    return event(team.alice, **{name: at.isoformat() for name, at in hours.items()})


class TestAnEvent:
    def test_lasts_as_long_and_whoever_is_invited_hears_of_it(self, team):
        starts = in_days(team, 3, "22:00")
        until = (starts + timedelta(hours=5)).isoformat()
        made = event(team.alice, start_at=starts.isoformat(), end_at=until)
        add(team.alice, made["id"], contact_id=maria(team.alice))
        done(team.alice.post(path_of(made["id"], "invite")))
        with tenant_scope(team.tenant.pk):
            row = Event.objects.get(pk=made["id"])
        data = sent("event", row.pk, row.start_at, day=in_days(team, 5).date())
        assert post(team.alice, MOVE, data).status_code == 200
        now = fresh(team, row)
        assert (now.start_at, now.end_at - now.start_at) == (
            in_days(team, 5, "22:00"),
            timedelta(hours=5),
        )
        assert now.sequence == row.sequence + 1  # by which their calendars know it
        refused(post(team.bob, MOVE, data), 412, "outdated")

    def test_that_is_called_off_stays(self, team):
        made = breakfast(team)
        done(team.alice.post(path_of(made["id"], "cancel")))
        data = sent("event", made["id"], in_days(team, 3, "08:00"), day=in_days(team, 1).date())
        refused(post(team.alice, MOVE, data), 409, "event_cancelled")

    def test_of_another_tenant_is_not_there(self, team, rivals):
        made = breakfast(team)
        data = sent("event", made["id"], in_days(team, 3, "08:00"), day=in_days(team, 1).date())
        refused(post(rivals.ada, MOVE, data), 404, "not_found")


class TestWhoMay:
    def test_is_not_who_cannot_see_the_card(self, team, rivals, note):
        for person in (team.bob, rivals.ada):
            refused(post(person, MOVE, moved(team, note)), 404, "not_found")
        assert fresh(team, note).scheduled_at == note.scheduled_at

    def test_is_not_who_was_shown_it_for_looking(self, team, note):
        with tenant_scope(team.tenant.pk):
            let_in = {"user_id": team.bob.id, "by": team.alice.user}
            share_prospect(prospect_id=note.prospect_id, level="view", **let_in)
            refused(post(team.bob, MOVE, moved(team, note)), 403, "forbidden")
            share_prospect(prospect_id=note.prospect_id, level="change", **let_in)
        assert post(team.bob, MOVE, moved(team, note)).status_code == 200

    def test_is_no_viewer_who_forges_it(self, team, note):
        made = activity(team.alice, due_at=in_days(team, 1, "10:00").isoformat())
        feria = event(team.alice, start_at=in_days(team, 1, "10:00").isoformat())
        day = in_days(team, 2).date()
        for kind, pk in (("activity", made["id"]), ("event", feria["id"])):
            data = sent(kind, pk, in_days(team, 1, "10:00"), day=day)
            refused(post(team.victor, MOVE, data), 403, "forbidden")
        refused(post(team.victor, MOVE, moved(team, note)), 403, "forbidden")

    def test_is_told_when_their_session_is_over(self, team, note):
        answer = Client().post(MOVE, moved(team, note), headers={"accept": "application/json"})
        assert answer.status_code == 401
        assert answer.json()["message"]

    def test_is_nobody_without_the_pages_token(self, team, note):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(team.alice.user)
        assert browser.post(MOVE, moved(team, note)).status_code == 403
        assert fresh(team, note).scheduled_at == note.scheduled_at

    def test_is_an_operator_once_they_chose_a_tenant(self, team, note):
        browser = signed_in(make_operator())
        refused(browser.post(MOVE, moved(team, note)), 409, "no_tenant")
        browser.post(reverse("admin:choose_tenant"), {"tenant": team.tenant.pk})
        assert browser.post(MOVE, moved(team, note)).status_code == 200


class TestWhatIsSent:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"kind": "invoice"},
            {"kind": ""},
            {"id": "x"},
            {"id": "-1"},
            {"id": "9" * 40},
            {"id": "٣"},
            {"seen": ""},
            {"seen": "yesterday"},
            {"seen": "2026-11-25T10:00:00"},
            {"seen": "0001-01-01T00:00:00+00:00"},
            {"seen": "9999-12-31T23:59:59+00:00"},
            {"seen": "2026-11-25T10:00:00+00:00\0"},
            {"day": ""},
            {"day": "2026-02-30"},
            {"day": "0001-01-01"},
            {"day": "9999-12-31"},
            {"day": "25/11/2026"},
            {"clock": "25:00"},
            {"clock": "x"},
        ],
    )
    def test_is_refused_when_it_cannot_be_read(self, team, note, wrong):
        refused(post(team.alice, MOVE, {**moved(team, note), **wrong}), 400, "invalid")
        assert fresh(team, note).scheduled_at == note.scheduled_at

    def test_is_refused_when_it_names_nothing(self, team, note):
        refused(post(team.alice, MOVE, {**moved(team, note), "id": "9" * 18}), 404, "not_found")
        assert post(team.alice, MOVE, {}).status_code == 400

    def test_is_posted(self, team):
        assert signed_in(team.alice.user).get(MOVE).status_code == 405


class TestTwoAtOnce:
    @pytest.mark.django_db(transaction=True)
    def test_learn_of_each_other(self, team, note):
        first, second = signed_in(team.alice.user), signed_in(team.mona.user)
        days = [in_days(team, 2).date(), in_days(team, 3).date()]

        def go(browser, day):
            return browser.post(MOVE, moved(team, note, day=day)).status_code

        answers = at_once(lambda: go(first, days[0]), lambda: go(second, days[1]))
        assert sorted(answers) == [200, 412]
        winner = days[answers.index(200)]
        assert fresh(team, note).scheduled_at == at(team, winner, "09:30")
