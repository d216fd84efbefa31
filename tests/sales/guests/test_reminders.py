"""Who is expected is reminded before an event begins, each time once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from core.tenancy import tenant_scope
from sales.guests.reminders import queue_reminders
from sales.guests.tasks import remind_all
from sales.models import Attendee, EventMail
from tests.accounts.notifications.told import told
from tests.races import at_once
from tests.sales.events.events_of import MARIA, add, done, event, maria, path_of, soon
from tests.sales.guests.mails_of import mails, work

START = timezone.now() + timedelta(days=10)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def coming(team):
    """An event in ten days, to which Maria and Bob were invited a while ago."""
    end = START + timedelta(hours=1)
    shown = event(team.alice, start_at=START.isoformat(), end_at=end.isoformat())
    add(team.alice, shown["id"], contact_id=maria(team.alice))
    add(team.alice, shown["id"], user_id=team.bob.id)
    work(team)
    return shown["id"]


def reminded(team, at):
    """How many are reminded at this moment."""
    with tenant_scope(team.tenant.pk):
        return queue_reminders(at=at)


def days(number):
    return timedelta(days=number)


class TestReminders:
    def test_come_a_day_and_an_hour_before_each_once(self, team, coming):
        times = [START - timedelta(minutes=30 * n) for n in range(100, -3, -1)]
        found = [START - at for at in times for _ in range(2) if reminded(team, at) == 2]
        assert found == [timedelta(days=1), timedelta(hours=1)]
        assert [each[0] for each in told(team.bob)].count("event_soon") == 2

    def test_say_what_begins_and_bring_a_link(self, team, coming):
        assert reminded(team, START - timedelta(minutes=50)) == 2
        with tenant_scope(team.tenant.pk):
            EventMail.objects.filter(purpose="reminder").update(due_at=timezone.now())
        letters = {each.to[0]: each for each in work(team)}
        assert letters[MARIA].subject.startswith("Recordatorio: Webinar")
        assert "/e/" in letters[MARIA].body
        assert letters[MARIA].attachments == []

    def test_are_for_who_accepted_or_did_not_answer(self, team, coming):
        for status, expected in (("declined", 1), ("tentative", 1), ("accepted", 2)):
            with tenant_scope(team.tenant.pk):
                EventMail.objects.filter(purpose="reminder").delete()
                Attendee.objects.filter(user=None).update(status=status)
            assert reminded(team, START - days(1)) == expected, status

    def test_are_set_for_each_event(self, team, coming):
        done(team.alice.put(path_of(coming), {"remind_before": [15, 2880]}))
        assert reminded(team, START - days(2)) == 2
        assert reminded(team, START - days(1)) == 0
        done(team.alice.put(path_of(coming), {"remind_before": []}))
        assert reminded(team, START - MINUTE) == 0

    def test_that_an_outage_held_up_are_said_once(self, team, coming):
        assert reminded(team, START - timedelta(minutes=20)) == 2
        assert reminded(team, START - timedelta(minutes=10)) == 0
        assert reminded(team, START + MINUTE) == 0

    def test_are_not_for_who_was_just_invited_or_told_of_another_time(self, team, coming):
        with tenant_scope(team.tenant.pk):
            late = START - timedelta(hours=20)
            EventMail.objects.filter(recipient=MARIA).update(created_at=late)
            Attendee.objects.filter(user=team.bob.id).update(created_at=late)
        assert reminded(team, START - timedelta(hours=19)) == 0
        assert reminded(team, START - timedelta(hours=1)) == 2

    def test_follow_another_time(self, team, coming):
        assert reminded(team, START - days(1)) == 2
        later = START + days(9)
        end = later + timedelta(hours=1)
        moved = {"start_at": later.isoformat(), "end_at": end.isoformat()}
        done(team.alice.put(path_of(coming), moved))
        letters = work(team)
        assert {each.subject[:4] for each in letters} == {"Otra"}  # the reminder has no sense now
        assert reminded(team, START - MINUTE) == 0
        assert reminded(team, later - days(1)) == 2

    @pytest.mark.parametrize("how", ["cancelled", "deleted"])
    def test_are_not_of_what_is_called_off(self, team, coming, how):
        if how == "cancelled":
            done(team.alice.post(path_of(coming, "cancel")))
        else:
            assert team.mona.delete(path_of(coming)).status_code == 200
        assert reminded(team, START - days(1)) == 0

    def test_are_for_who_can_come(self, team, coming):
        with tenant_scope(team.tenant.pk):
            who = Attendee.objects.get(user=None).contact_id
        assert team.mona.delete(f"/api/v1/contacts/{who}").status_code == 200
        assert reminded(team, START - days(1)) == 1

    @pytest.mark.django_db(transaction=True)
    def test_asked_for_at_once_come_once(self, team, coming):
        at_once(*[lambda: reminded(team, START - days(1))] * 4)
        assert [each[0] for each in mails(team)].count("reminder") == 2

    def test_go_round_the_tenants(self, team, coming, rivals):
        with tenant_scope(team.tenant.pk):
            Attendee.objects.update(created_at=F("created_at") - days(30))
            EventMail.objects.update(created_at=F("created_at") - days(30))
        nearer = {"start_at": soon(minutes=30), "end_at": soon(hours=2)}
        done(team.alice.put(path_of(coming), nearer))
        assert remind_all() == 0  # they have just been told of another time
        with tenant_scope(team.tenant.pk):
            EventMail.objects.update(created_at=F("created_at") - days(30))
        assert (remind_all(), remind_all()) == (2, 0)

    def test_are_few_statements_for_many(self, team, coming, django_assert_max_num_queries):
        for _ in range(5):
            add(team.alice, coming, contact_id=maria(team.alice))
        with django_assert_max_num_queries(10):
            assert reminded(team, START - days(1)) == 7
