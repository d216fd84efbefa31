"""A statement that takes too long is stopped: a clear answer, and nothing is written."""

from __future__ import annotations

import threading
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from core.postgres.limits import limit_process, limit_statements
from core.tenancy import across_tenants
from prospects.pipeline.models import Prospect
from tests.prospects.cards_of import card
from tests.staff import signed_in

SHORT = 0.2  # seconds


def told():
    """What the server knows of the limit."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


@pytest.fixture
def held(team):
    """A card of Alice's that somebody else has locked."""
    made = card(team, owner=team.alice)
    given = connection.get_connection_params()
    wanted = ("dbname", "host", "port", "user", "password")
    with psycopg.connect(**{name: given[name] for name in wanted if name in given}) as other:
        other.execute("SELECT 1 FROM prospects_prospect WHERE id = %s FOR UPDATE", [made.pk])
        yield made
        other.rollback()


@pytest.fixture(autouse=True)
def _short(settings):
    """Statements of requests may take no time, and what this process is told does not stay."""
    settings.CRM_API_STATEMENT_SECONDS = settings.CRM_BACK_OFFICE_STATEMENT_SECONDS = SHORT
    yield
    limit_statements(0)
    limit_process(0)


@pytest.mark.django_db(transaction=True)
class TestStatement:
    def test_of_the_apis_is_stopped_and_nothing_is_written(self, team, held):
        sent = {"companyName": "Changed", "company_name": "Changed"}
        answer = team.alice.patch(f"/prospects/{held.pk}/data", sent)
        assert answer.status_code == 503
        assert answer.json()["statusCode"] == 503
        assert answer.json()["error"] == "Service Unavailable"
        assert "too long" in answer.json()["message"]
        held.refresh_from_db()
        assert held.company_name == "Acme Corp"

    def test_of_the_back_office_is_stopped_and_nothing_is_written(self, team, held):
        browser = signed_in(team.mona.user)
        url = f"/admin/prospects/prospect/{held.pk}/delete/"
        answer = browser.post(url, {"post": "yes"}, headers={"Accept": "text/html"})
        assert answer.status_code == 503
        assert "text/html" in answer["Content-Type"]
        with across_tenants():
            assert Prospect.objects.filter(pk=held.pk).exists()

    def test_of_the_same_connection_has_the_limit_of_who_asks(self, team, settings):
        settings.CRM_BACK_OFFICE_STATEMENT_SECONDS = 7
        team.alice.get("/api/v1/auth/me")
        assert told() == "200ms"
        signed_in(team.mona.user).get("/admin/")
        assert told() == "7s"
        limit_statements(0)
        assert told() == "0"

    def test_of_a_new_connection_has_it_from_the_start(self):
        connection.close()
        limit_statements(3)
        assert told() == "3s"

    def test_inside_a_transaction_keeps_the_limit_that_it_began_with(self):
        limit_statements(3)
        with transaction.atomic():
            limit_statements(4)
            assert told() == "3s"
        assert told() == "4s"


@pytest.mark.django_db(transaction=True)
class TestProcess:
    def test_of_a_worker_limits_where_nothing_else_is_said(self, settings):
        from crm_project.celery import limit_statements_of_tasks

        def asked():
            answers.append(told())
            connection.close()

        answers: list[str] = []
        settings.CRM_WORKER_STATEMENT_SECONDS = 11
        limit_statements_of_tasks()
        thread = threading.Thread(target=asked)
        thread.start()
        thread.join()
        assert answers == ["11s"]

    def test_of_a_command_has_its_own(self, settings):
        settings.CRM_COMMAND_STATEMENT_SECONDS = 13
        call_command("check_integrity", stdout=StringIO())
        assert told() == "13s"
