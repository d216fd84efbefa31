from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest
from django.db import connection
from django.utils import timezone

from core.idempotency import KEPT
from core.models import AnsweredRequest
from core.tasks import forget_answers
from core.tenancy import across_tenants, tenant_scope
from prospects.contacts.models import Contact
from prospects.models import Prospect
from tests.prospects.card_contacts.people_of import JANE
from tests.prospects.cards_of import card
from tests.prospects.locations.test_locations import PLACE
from tests.races import at_once

CONTACTS = "/api/v1/contacts"
ANA = {"first_name": "Ana"}


def send(person, body, key="a-key", path=CONTACTS):
    return person.post(path, body, headers={"Idempotency-Key": key})


def people(team):
    with tenant_scope(team.tenant.pk):
        return Contact.objects.count()


class TestTheSameRequestAgain:
    def test_is_answered_as_before_and_does_nothing(self, team):
        first, again = send(team.alice, ANA), send(team.alice, ANA)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again["ETag"] == first["ETag"]
        assert again["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in first
        assert people(team) == 1

    def test_repeats_a_refusal_too(self, team):
        first = send(team.alice, {"first_name": ""})
        assert (first.status_code, send(team.alice, {"first_name": ""}).content) == (
            422,
            first.content,
        )

    def test_is_done_after_all_when_the_first_was_broken_off_by_a_deadlock(self, team):
        def broken_off(execute, sql, params, many, context):
            if sql.startswith('INSERT INTO "sales_activity"'):
                sql, params = "DO $$BEGIN RAISE deadlock_detected; END$$", None
            return execute(sql, params, many, context)

        body, path = {"subject": "Call", "type": "call"}, "/api/v1/activities"
        with connection.execute_wrapper(broken_off):
            assert send(team.alice, body, path=path).status_code == 409
        assert send(team.alice, body, path=path).status_code == 201

    def test_works_for_cards(self, team):
        rows = [{"name": "Ana", "email": "ana@ruiz.example"}]
        first = send(team.alice, rows, path="/prospects")
        again = send(team.alice, rows, path="/prospects")
        assert (first.status_code, again.status_code) == (200, 200)
        assert again.json() == first.json()
        with tenant_scope(team.tenant.pk):
            assert Prospect.objects.count() == 1

    def test_works_for_what_is_added_to_a_card(self, team):
        pk = card(team, owner=team.alice).pk
        for path, body in (
            (f"/prospects/{pk}/notes", {"note": "Called", "action": "call"}),
            (f"/prospects/{pk}/contacts", JANE),
            (f"/prospects/{pk}/locations", PLACE),
            ("/clients", {"prospect_id": pk}),
        ):
            first, again = (send(team.ada, body, key=path, path=path) for _ in range(2))
            assert (first.status_code, again.content) == (200, first.content), path
            assert again["Idempotent-Replayed"] == "true", path

    def test_is_done_anew_after_a_day(self, team):
        send(team.alice, ANA)
        with tenant_scope(team.tenant.pk):
            AnsweredRequest.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
        assert "Idempotent-Replayed" not in send(team.alice, ANA)
        assert people(team) == 2

    def test_is_forgotten_after_a_day(self, team):
        send(team.alice, ANA)
        assert forget_answers() == 0
        with across_tenants():
            AnsweredRequest.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
        assert forget_answers() == 1


class TestAKey:
    def test_is_good_for_one_body_only(self, team):
        send(team.alice, ANA)
        answer = send(team.alice, {**ANA, "last_name": "Ruiz"})
        assert answer.status_code == 409
        assert "Idempotency-Key" in answer.json()["message"]
        assert people(team) == 1

    def test_is_good_for_one_path_only(self, team):
        send(team.alice, ANA)
        assert send(team.alice, ANA, path="/api/v1/companies").status_code == 409

    def test_is_each_callers_own(self, team, rivals):
        send(team.alice, ANA)
        assert "Idempotent-Replayed" not in send(team.mona, ANA)
        assert "Idempotent-Replayed" not in send(rivals.alice, ANA)
        assert people(rivals) == 1

    @pytest.mark.parametrize("key", ["", "x" * 256, "ta\tb"])
    def test_of_an_odd_shape_is_refused(self, team, key):
        answer = send(team.alice, ANA, key)
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json()["errors"]
        assert people(team) == 0

    def test_does_not_open_what_the_caller_may_not(self, team):
        send(team.alice, ANA)
        assert send(team.victor, ANA).status_code == 403

    def test_means_nothing_where_nobody_is_signed_in(self, team):
        body = {"email": team.alice.user.email, "password": "wrong"}
        for _ in range(2):
            assert send(team.alice, body, path="/api/v1/auth/login").status_code == 401
        with across_tenants():
            assert not AnsweredRequest.objects.exists()


class TestWhatFailed:
    @pytest.fixture
    def test_leaves_nothing_behind(self, team):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'out of order'; END $$;"
                "CREATE TRIGGER fail AFTER INSERT ON prospects_contact EXECUTE FUNCTION fail()"
            )
        team.alice.client.raise_request_exception = False
        assert send(team.alice, ANA).status_code == 500
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER fail ON prospects_contact")
        answer = send(team.alice, ANA)
        assert answer.status_code == 201
        assert "Idempotent-Replayed" not in answer
        assert people(team) == 1


@pytest.mark.django_db(transaction=True)
class TestTheSameRequestTwiceAtOnce:
    def test_is_done_once(self, team):
        answers = at_once(*[lambda: send(team.alice, ANA) for _ in range(8)])
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert people(team) == 1

    def test_is_refused_while_the_first_is_running(self, team):
        locked, answered = Event(), Event()

        def hold():
            with tenant_scope(team.tenant.pk), connection.cursor() as cursor:
                name = f"idempotency:{team.tenant.pk}:{team.alice.id}:a-key"
                cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
                locked.set()
                answered.wait(30)

        def ask():
            locked.wait(30)
            answer = send(team.alice, ANA)
            answered.set()
            return answer

        _, answer = at_once(hold, ask)
        assert answer.status_code == 409
        assert "still running" in answer.json()["message"]
        assert people(team) == 0
