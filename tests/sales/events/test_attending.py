"""Who is on the list of an event, who comes, and who came."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import WebhookDelivery
from accounts.webhooks.services import create_endpoint
from core.tenancy import tenant_scope
from sales.events.answering import answer_own
from sales.models import Attendee, Event
from tests.accounts.notifications.told import told
from tests.people import add_user
from tests.races import at_once
from tests.sales.events.events_of import (
    add,
    done,
    event,
    make_past,
    maria,
    path_of,
    people,
    rsvp,
)


@pytest.fixture
def pk(team):
    """An event of Mona's."""
    return event(team.mona)["id"]


class TestList:
    def test_takes_contacts_and_colleagues(self, team, pk):
        who = maria(team.alice)
        invited = add(team.alice, pk, contact_id=who)
        assert (invited["name"], invited["status"]) == ("Maria Lopez", "invited")
        add(team.alice, pk, user_id=team.bob.id)
        assert [each["name"] for each in people(team.alice, pk)] == ["Maria Lopez", "Bob Sales"]
        shown = done(team.alice.get(path_of(pk)))
        assert (shown["attendees_count"], shown["accepted_count"]) == (2, 0)
        assert ("event_invited" in {each[0] for each in told(team.bob)}) is True

    def test_has_nobody_twice(self, team, pk):
        who = maria(team.alice)
        for sent in ({"contact_id": who}, {"user_id": team.bob.id}):
            add(team.alice, pk, **sent)
            answer = team.alice.post(path_of(pk, "attendees"), sent)
            assert (answer.status_code, "already" in answer.json()["message"]) == (409, True)
        assert len(people(team.alice, pk)) == 2

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"contact_id": None},
            {"contact_id": 5, "user_id": 5},
            {"contact_id": 999_999_999},
            {"contact_id": "x"},
            {"contact_id": 10**30},
            {"user_id": -1},
            {"user_id": True},
            {"user_id": [1]},
        ],
    )
    def test_refuses_who_does_not_exist(self, team, pk, sent):
        answer = team.alice.post(path_of(pk, "attendees"), sent)
        assert answer.status_code == 422, answer.content
        with tenant_scope(team.tenant.pk):
            assert not Attendee.objects.exists()

    def test_refuses_whom_the_caller_does_not_see(self, team, rivals, pk):
        for who in (
            {"contact_id": maria(team.bob)},
            {"contact_id": maria(rivals.alice)},
            {"user_id": rivals.alice.id},
        ):
            assert team.alice.post(path_of(pk, "attendees"), who).status_code == 422

    def test_hides_contacts_whom_the_caller_does_not_see_but_counts_them(self, team, pk):
        invited = add(team.alice, pk, contact_id=maria(team.alice))
        assert people(team.bob, pk) == []
        assert done(team.bob.get(path_of(pk)))["attendees_count"] == 1
        for answer in (
            team.bob.post(path_of(pk, "check-in", invited["id"])),
            team.bob.put(path_of(pk, "attendees", invited["id"]), {"status": "accepted"}),
            team.bob.delete(path_of(pk, "attendees", invited["id"])),
        ):
            assert answer.status_code == 404

    def test_loses_who_was_taken_off_or_deleted(self, team, pk):
        who = maria(team.alice)
        add(team.alice, pk, contact_id=who)
        bobs = add(team.alice, pk, user_id=team.bob.id)
        assert team.alice.delete(path_of(pk, "attendees", bobs["id"])).status_code == 200
        assert team.alice.delete(path_of(pk, "attendees", bobs["id"])).status_code == 404
        assert team.mona.delete(f"/api/v1/contacts/{who}").status_code == 200
        assert people(team.mona, pk) == []
        assert done(team.mona.get(path_of(pk)))["attendees_count"] == 0

    def test_is_paged_and_filtered(self, team, pk):
        add(team.alice, pk, user_id=team.bob.id)
        done(rsvp(team.victor, pk))
        found = team.alice.get(path_of(pk, "attendees"), {"status": "accepted"}).json()
        assert [each["user_id"] for each in found["data"]] == [team.victor.id]
        assert found["meta"]["total"] == 1
        assert team.alice.get(path_of(pk, "attendees"), {"status": "x"}).status_code == 422
        assert team.alice.get(path_of(5, "attendees")).status_code == 404

    def test_holds_one_person_in_each_row(self, in_tenant, pk):
        with pytest.raises(IntegrityError, match="is_one_person"), transaction.atomic():
            Attendee.objects.create(event_id=pk)

    @pytest.mark.django_db(transaction=True)
    def test_has_nobody_twice_who_is_added_at_once(self, team):
        pk = event(team.mona)["id"]
        sent = {"user_id": team.bob.id, "send_invitation": False}
        answers = at_once(*[lambda: team.mona.post(path_of(pk, "attendees"), sent)] * 4)
        assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


class TestAnswer:
    def test_is_the_callers_own_and_puts_them_on_the_list(self, team, pk):
        mine = done(rsvp(team.victor, pk))
        assert (mine["user_id"], mine["status"]) == (team.victor.id, "accepted")
        assert done(rsvp(team.victor, pk, "tentative"))["id"] == mine["id"]
        assert done(team.victor.get(path_of(pk)))["my_status"] == "tentative"
        assert done(team.alice.get(path_of(pk)))["my_status"] is None

    @pytest.mark.parametrize("status", [None, "", "invited", "yes", 5, ["accepted"]])
    def test_is_one_of_three(self, team, pk, status):
        answer = team.alice.post(path_of(pk, "rsvp"), {"status": status})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["status"])
        assert people(team.alice, pk) == []

    def test_to_what_is_over_is_refused(self, team, pk):
        make_past(team, pk)
        answer = rsvp(team.alice, pk)
        assert (answer.status_code, "over" in answer.json()["message"]) == (409, True)

    def test_takes_a_seat_while_there_is_one(self, team):
        pk = event(team.mona, max_attendees=1)["id"]
        done(rsvp(team.alice, pk))
        done(rsvp(team.alice, pk))  # again is no second seat
        assert rsvp(team.bob, pk).status_code == 409
        assert done(rsvp(team.bob, pk, "tentative"))  # takes none
        done(rsvp(team.alice, pk, "declined"))
        assert done(rsvp(team.bob, pk))["status"] == "accepted"

    def test_may_be_noted_by_a_colleague(self, team, pk):
        invited = add(team.alice, pk, contact_id=maria(team.alice))
        path = path_of(pk, "attendees", invited["id"])
        assert done(team.alice.put(path, {"status": "declined"}))["answered_at"]
        assert team.alice.put(path, {"status": "invited"}).status_code == 422

    @pytest.mark.django_db(transaction=True)
    def test_of_fifty_at_once_never_takes_more_seats_than_there_are(self, team):
        pk = event(team.mona, max_attendees=7)["id"]
        crowd = [add_user(team.tenant, f"guest{n}", "acme", "viewer") for n in range(50)]

        def accept(user):
            with tenant_scope(team.tenant.pk):
                try:
                    answer_own(event_id=pk, status="accepted", by=user, at=timezone.now())
                except Exception as refusal:
                    return getattr(refusal, "code", repr(refusal))
            return "accepted"

        answers = []
        for some in (crowd[:25], crowd[25:]):
            answers += at_once(*[lambda user=user: accept(user) for user in some])
        assert (answers.count("accepted"), answers.count("event_full")) == (7, 43)
        with tenant_scope(team.tenant.pk):
            assert Attendee.objects.filter(status="accepted").count() == 7


class TestCheckIn:
    def test_happens_once(self, team, pk):
        mine = done(rsvp(team.victor, pk))
        first = done(team.alice.post(path_of(pk, "check-in", mine["id"])))
        assert (first["checked_in_by_name"], bool(first["checked_in_at"])) == ("Alice Sales", True)
        assert team.bob.post(path_of(pk, "check-in", mine["id"])).status_code == 409
        (shown,) = people(team.alice, pk)
        assert (shown["checked_in_at"], shown["checked_in_by_name"]) == (
            first["checked_in_at"],
            "Alice Sales",
        )
        assert done(team.alice.get(path_of(pk)))["checked_in_count"] == 1

    def test_is_not_for_who_declined_or_is_elsewhere(self, team, pk):
        mine = done(rsvp(team.victor, pk, "declined"))
        assert team.alice.post(path_of(pk, "check-in", mine["id"])).status_code == 409
        other = event(team.mona)["id"]
        assert team.alice.post(path_of(other, "check-in", mine["id"])).status_code == 404
        assert team.victor.post(path_of(pk, "check-in", mine["id"])).status_code == 403

    def test_cannot_be_declined_afterwards(self, team, pk):
        mine = done(rsvp(team.victor, pk))
        done(team.alice.post(path_of(pk, "check-in", mine["id"])))
        assert rsvp(team.victor, pk, "declined").status_code == 409

    @pytest.mark.django_db(transaction=True)
    def test_at_once_happens_once(self, team):
        pk = event(team.mona)["id"]
        mine = done(rsvp(team.victor, pk))
        path = path_of(pk, "check-in", mine["id"])
        answers = at_once(*[lambda: team.alice.post(path)] * 4)
        assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]


class TestWebhooks:
    def test_tell_what_happens(self, team):
        names = ["event.created", "attendee.answered", "attendee.checked_in"]
        names += ["event.cancelled", "event.deleted"]
        with tenant_scope(team.tenant.pk):
            create_endpoint(url="https://hooks.acme.test/", events=[*names, "event.updated"])
        pk = event(team.mona)["id"]
        mine = done(rsvp(team.victor, pk))
        done(team.mona.post(path_of(pk, "check-in", mine["id"])))
        done(team.mona.post(path_of(pk, "cancel")))
        assert team.mona.delete(path_of(pk)).status_code == 200
        with tenant_scope(team.tenant.pk):
            told_of = list(WebhookDelivery.objects.order_by("pk").values_list("event", "data"))
            assert not Event.objects.exists()
        assert [name for name, _data in told_of] == names
        assert told_of[1][1]["name"] == "Victor Viewer"
