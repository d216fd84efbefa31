"""`/api/v1/events`: the tenant's events, listed, planned, changed, called off, deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.users.leaving import deactivate_user
from core.tenancy import tenant_scope
from sales.models import Event, EventMail
from tests.sales.events.events_of import (
    EVENTS,
    add,
    done,
    event,
    make_past,
    maria,
    move,
    path_of,
    rsvp,
    soon,
)


def titles(person, **query):
    answer = person.get(EVENTS, query)
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["data"]]


class TestEvents:
    def test_are_planned_as_in_the_contract(self, team):
        sent = {
            "title": "Capacitacion Interna: Nuevo Sistema CRM",
            "type": "training",
            "location": "Sala de Juntas B, Piso 3",
            "start_at": "2025-04-25T09:00:00Z",
            "end_at": "2025-04-25T12:00:00Z",
            "is_mandatory": True,
            "max_attendees": 20,
        }
        shown = event(team.alice, **sent)
        assert {name: shown[name] for name in sent} == {
            **sent,
            "start_at": "2025-04-25T09:00:00.000000Z",
            "end_at": "2025-04-25T12:00:00.000000Z",
        }
        assert (shown["owner_id"], shown["attendees_count"]) == (team.alice.id, 0)
        assert shown["remind_before"] == [60, 1440]

    def test_are_everybodys_in_the_tenant(self, team, rivals):
        shown = event(team.alice)
        for person in team.everybody.values():
            assert titles(person) == [shown["title"]]
        assert titles(rivals.ada) == []

    def test_without_an_offset_are_at_the_tenants_hours(self, team):
        times = {"start_at": "2026-04-18T10:00", "end_at": "2026-04-18T11:00"}
        assert event(team.alice, **times)["start_at"] == "2026-04-18T16:00:00.000000Z"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("title", None),
            ("title", "x" * 256),
            ("title", "a\0"),
            ("title", ["x"]),
            ("type", ""),
            ("type", "x" * 51),
            ("start_at", "tomorrow"),
            ("start_at", None),
            ("end_at", "2020-01-01T00:00:00Z"),
            ("end_at", 5),
            ("location", "x" * 256),
            ("online_url", "javascript:alert(1)"),
            ("description", "x" * 10_001),
            ("is_mandatory", "perhaps"),
            ("is_mandatory", None),
            ("max_attendees", 0),
            ("max_attendees", -1),
            ("max_attendees", 1.5),
            ("max_attendees", 10**12),
            ("max_attendees", "many"),
            ("remind_before", [1]),
            ("remind_before", [60, "x"]),
            ("remind_before", [60] * 6),
            ("remind_before", 60),
            ("owner_id", 999),
        ],
    )
    def test_that_are_no_events_are_refused_with_a_name(self, team, field, value):
        sent = {"title": "x", "type": "x", "start_at": soon(days=1), "end_at": soon(days=2)}
        answer = team.alice.post(EVENTS, {**sent, field: value})
        assert answer.status_code == 422, answer.content
        assert [name.partition(".")[0] for name in answer.json()["errors"]] == [field]
        with tenant_scope(team.tenant.pk):
            assert not Event.objects.exists()

    @pytest.mark.parametrize("missing", ["title", "type", "start_at", "end_at"])
    def test_need_what_the_contract_says(self, team, missing):
        sent = {"title": "x", "type": "x", "start_at": soon(days=1), "end_at": soon(days=2)}
        sent.pop(missing)
        answer = team.alice.post(EVENTS, sent)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [missing])

    def test_that_end_before_they_begin_are_refused_by_the_database(self, in_tenant):
        at = timezone.now()
        with pytest.raises(IntegrityError, match="ends_after_it_begins"), transaction.atomic():
            Event.objects.create(title="x", type="x", start_at=at, end_at=at)

    def test_change_by_what_is_sent(self, team):
        shown = event(team.alice, location="Here")
        changed = done(team.bob.put(path_of(shown["id"]), {"max_attendees": 50}))
        assert (changed["max_attendees"], changed["location"]) == (50, "Here")
        assert done(team.bob.put(path_of(shown["id"]), changed))["title"] == shown["title"]
        wrong = {"end_at": soon(days=-9)}
        assert team.bob.put(path_of(shown["id"]), wrong).status_code == 422

    def test_do_not_lose_seats_that_are_taken(self, team):
        shown = event(team.alice, max_attendees=3)
        for person in (team.alice, team.bob):
            done(rsvp(person, shown["id"]))
        answer = team.alice.put(path_of(shown["id"]), {"max_attendees": 1})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["max_attendees"])
        assert done(team.alice.put(path_of(shown["id"]), {"max_attendees": 2}))
        assert done(team.alice.put(path_of(shown["id"]), {"max_attendees": None}))

    def test_that_are_deleted_are_gone(self, team):
        pk = event(team.alice)["id"]
        assert team.mona.delete(path_of(pk)).status_code == 200
        assert team.mona.get(path_of(pk)).status_code == 404
        assert titles(team.mona) == []
        for answer in (
            team.mona.delete(path_of(pk)),
            rsvp(team.mona, pk),
            team.mona.put(path_of(pk), {}),
        ):
            assert answer.status_code == 404

    def test_that_are_cancelled_stay_but_are_not_upcoming(self, team):
        pk = event(team.alice)["id"]
        assert done(team.alice.post(path_of(pk, "cancel")))["cancelled_at"]
        assert len(titles(team.alice)) == 1
        assert titles(team.alice, upcoming="true") == []
        for answer in (
            team.alice.post(path_of(pk, "cancel")),
            team.alice.put(path_of(pk), {"title": "x"}),
            rsvp(team.alice, pk),
            team.alice.post(path_of(pk, "attendees"), {"user_id": team.bob.id}),
        ):
            assert (answer.status_code, "cancelled" in answer.json()["message"]) == (409, True)

    def test_that_are_over_are_not_cancelled(self, team):
        pk = event(team.alice)["id"]
        make_past(team, pk)
        assert team.alice.post(path_of(pk, "cancel")).status_code == 409


class TestList:
    @pytest.fixture
    def four(self, team):
        now = timezone.now()
        for title, kind, start in (
            ("Past", "meeting", now - timedelta(days=2)),
            ("Running", "training", now - timedelta(hours=1)),
            ("Next", "webinar", now + timedelta(days=1)),
            ("Later at Cancún", "webinar", now + timedelta(days=9)),
        ):
            move(team, event(team.alice, title=title, type=kind)["id"], start)

    def test_shows_the_latest_first(self, team, four):
        assert titles(team.alice) == ["Later at Cancún", "Next", "Running", "Past"]

    def test_of_those_to_come_begins_with_the_next(self, team, four):
        assert titles(team.alice, upcoming="true") == ["Running", "Next", "Later at Cancún"]
        assert titles(team.alice, upcoming="false") == ["Past"]
        assert titles(team.alice, upcoming="true", sort="-start_at")[0] == "Later at Cancún"

    def test_filters(self, team, four):
        assert titles(team.alice, type="Webinar") == ["Later at Cancún", "Next"]
        assert titles(team.alice, search="cancun") == ["Later at Cancún"]
        assert titles(team.alice, sort="title")[0] == "Later at Cancún"
        tomorrow = timezone.localdate(timezone=team.tenant.zone) + timedelta(days=1)
        found = titles(team.alice, **{"from": tomorrow.isoformat(), "to": tomorrow.isoformat()})
        assert found == ["Next"]
        assert titles(team.alice, updated_since=soon(hours=1)) == []
        assert titles(team.alice, owner_id=team.bob.id) == []

    @pytest.mark.parametrize(
        "query",
        [
            {"upcoming": "perhaps"},
            {"from": "yesterday"},
            {"to": "31-31-2026"},
            {"owner_id": "x"},
            {"sort": "secret"},
            {"updated_since": "x"},
        ],
    )
    def test_refuses_what_cannot_be_read(self, team, query):
        answer = team.alice.get(EVENTS, query)
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == list(query)

    def test_is_the_same_few_statements_for_many(self, team, four):
        def statements():
            with CaptureQueriesContext(
                connection,
            ) as caught:
                titles(team.alice)
            return len(caught)

        few = statements()
        for _ in range(10):
            add(team.alice, event(team.alice)["id"], user_id=team.bob.id)
        assert statements() == few <= 5


class TestLeaving:
    def test_gives_what_is_to_come_to_a_colleague(self, team):
        coming, past = event(team.alice)["id"], event(team.alice)["id"]
        make_past(team, past)
        with tenant_scope(team.tenant.pk):
            asked = {"user_id": team.alice.id, "to_id": team.bob.id}
            given = deactivate_user(**asked, by=team.ada.user, at=timezone.now())
        assert given["events"] == 1
        assert done(team.mona.get(path_of(coming)))["owner_id"] == team.bob.id
        assert done(team.mona.get(path_of(past)))["owner_id"] == team.alice.id

    def test_frees_the_seat(self, team):
        shown = event(team.mona, max_attendees=1)
        done(rsvp(team.alice, shown["id"]))
        assert rsvp(team.bob, shown["id"]).status_code == 409
        with tenant_scope(team.tenant.pk):
            asked = {"user_id": team.alice.id, "to_id": None}
            deactivate_user(**asked, by=team.ada.user, at=timezone.now())
        assert done(rsvp(team.bob, shown["id"]))
        assert done(team.mona.get(path_of(shown["id"])))["attendees_count"] == 1


class TestNothing:
    def test_is_mailed_about_the_past(self, team):
        pk = event(team.alice)["id"]
        make_past(team, pk)
        add(team.alice, pk, contact_id=maria(team.alice))
        assert team.mona.delete(path_of(pk)).status_code == 200
        with tenant_scope(team.tenant.pk):
            assert not EventMail.objects.exists()
