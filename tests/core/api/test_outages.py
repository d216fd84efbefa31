"""The database goes away under a request: 503 in the surface's words, and asking again helps."""

from __future__ import annotations

import logging
from contextlib import contextmanager

import pytest
from django.db import connection
from rest_framework.test import APIClient

from core.tenancy import tenant_scope
from prospects.models import FollowUpNote
from sales.models import Activity
from tests.core.test_kept_connections import hang_up
from tests.people import Team
from tests.prospects.cards_of import card

pytestmark = pytest.mark.django_db(transaction=True)
ACTIVITIES = "/api/v1/activities"


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@contextmanager
def hung_up_at(sql: str):
    """The server hangs up as soon as a statement like this is sent."""

    def wrapper(execute, statement, params, many, context):
        if sql in statement:
            hang_up()
        return execute(statement, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield


def reconnect() -> None:
    """What the end of each request does."""
    connection.close_if_unusable_or_obsolete()


class TestAnOutage:
    def test_is_503_in_the_words_of_each_surface(self, team: Team) -> None:
        for path, keys in (
            ("/prospects/list", {"statusCode", "error", "message"}),
            (ACTIVITIES, {"message"}),
        ):
            hang_up()
            answer = team.mona.get(path)
            reconnect()
            assert answer.status_code == 503
            assert set(answer.json()) == keys
            assert answer["Retry-After"] == "2"

    def test_of_the_back_office_is_503_too(self, team: Team) -> None:
        browser = APIClient(raise_request_exception=False)
        browser.force_login(team.ada.user)
        hang_up()
        answer = browser.get("/admin/")
        reconnect()
        assert (answer.status_code, answer["Retry-After"]) == (503, "2")

    def test_in_the_middle_of_a_write_leaves_nothing_of_it(self, team: Team) -> None:
        with tenant_scope(team.tenant.pk):
            pk = card(team).pk
        path = f"/prospects/{pk}/notes"
        with hung_up_at("INSERT INTO prospects_followupnote"):
            answer = team.mona.post(path, {"note": "hello", "action": "call"})
        reconnect()
        assert answer.status_code == 503
        with tenant_scope(team.tenant.pk):
            assert not FollowUpNote.objects.exists()

    def test_under_a_key_is_not_kept_as_its_answer(self, team: Team) -> None:
        body, key = {"subject": "Call", "type": "call"}, {"HTTP_IDEMPOTENCY_KEY": "k"}
        with hung_up_at('INSERT INTO "sales_activity"'):
            assert team.mona.post(ACTIVITIES, body, **key).status_code == 503
        reconnect()
        assert team.mona.post(ACTIVITIES, body, **key).status_code == 201
        with tenant_scope(team.tenant.pk):
            assert Activity.objects.count() == 1
