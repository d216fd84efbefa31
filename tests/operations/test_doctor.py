"""`manage.py crm_doctor`: what ails an installation, and that the named command mends it."""

from __future__ import annotations

import json
import shlex
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from accounts.models import Tenant, User
from accounts.webhooks.models import WebhookDelivery, WebhookEndpoint
from core.tenancy import tenant_scope
from crm_project.doctor import installation
from sales.documents.models import DocumentCounter
from tests.people import Team
from tests.prospects.cards_of import card
from tests.sales.forms.forms_of import web_form

NO_WORKER = "a worker runs"  # there is none in the tests


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for workers that are not there."""
    monkeypatch.setattr(installation, "PATIENCE", 0.05)


def examined() -> dict[str, list[dict[str, str]]]:
    """What is wrong, by examination; the worker that no test has is left out."""
    told = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("crm_doctor", "--json", stdout=told)
    assert ended.value.returncode == 1
    found = {name: findings for name, findings in json.loads(told.getvalue()).items() if findings}
    assert len(found.pop(NO_WORKER)) == 1
    return found


def repair(finding: dict[str, str]) -> None:
    """Do what it says."""
    python, manage, *words = shlex.split(finding["repair"])
    assert (python, manage) == ("python", "manage.py")
    call_command(*words)


def older(team: Team, **ago: int) -> None:
    """Make it a tenant that has been here for a while."""
    long_ago = timezone.now() - timedelta(**ago)
    Tenant.objects.filter(pk=team.tenant.pk).update(created_at=long_ago)


@pytest.fixture
def delivery(team: Team) -> WebhookDelivery:
    with tenant_scope(team.tenant.pk):
        endpoint = WebhookEndpoint.objects.create(
            url="https://hooks.acme.test/", events=["contact.created"], secret="s"
        )
        return WebhookDelivery.objects.create(
            endpoint=endpoint, event="contact.created", object_id=1, data={}, due_at=timezone.now()
        )


def changed(row: Any, **columns: Any) -> None:
    with tenant_scope(row.tenant_id):
        type(row)._default_manager.filter(pk=row.pk).update(**columns)


class TestDoctor:
    def test_finds_nothing_but_the_missing_worker_in_a_new_installation(self, team: Team) -> None:
        assert examined() == {}

    def test_says_for_people_what_is_wrong_and_what_mends_it(self, team: Team) -> None:
        told = StringIO()
        with pytest.raises(CommandError, match=r"1 found\."):
            call_command("crm_doctor", stdout=told)
        assert f"BAD {NO_WORKER}" in told.getvalue()
        assert "-> celery -A crm_project worker" in told.getvalue()
        assert "ok  migrations are applied" in told.getvalue()

    def test_goes_on_when_something_cannot_be_looked_at(self, team: Team) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE sales_webform RENAME TO gone")
        found = examined()
        assert list(found) == ["somebody answers each form"]
        assert "cannot be looked at" in found["somebody answers each form"][0]["what"]


class TestData:
    def test_kept_counts_that_are_wrong_are_mended_by_the_command_named(self, team: Team) -> None:
        card(team, company_name="Acme")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM prospects_cardcount")
        ((finding,),) = examined().values()
        assert finding["where"] == team.tenant.slug
        assert "kept counts of cards" in finding["what"]
        repair(finding)
        assert examined() == {}

    def test_a_gap_in_numbers_is_found(self, team: Team) -> None:
        with tenant_scope(team.tenant.pk):
            DocumentCounter.objects.create(kind="COT", last_number=3)
        ((finding,),) = examined().values()
        assert "COT: 3 numbers were given, 0 documents have one" in finding["what"]
        assert "no command does" in finding["repair"]


class TestWork:
    def test_a_message_that_should_have_left_is_late(self, delivery: WebhookDelivery) -> None:
        assert examined() == {}
        changed(delivery, due_at=timezone.now() - timedelta(minutes=11))
        ((finding,),) = examined().values()
        assert "1 webhook deliveries due since" in finding["what"]

    def test_a_message_given_up_is_named_for_a_week(self, delivery: WebhookDelivery) -> None:
        changed(delivery, status="failed")
        assert list(examined()) == ["no message is given up or unclear"]
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # no trigger says it is now
            cursor.execute(
                "UPDATE accounts_webhookdelivery SET updated_at = now() - '8 days'::interval"
            )
            cursor.execute("SET session_replication_role = origin")
        assert examined() == {}

    def test_a_webhook_that_fails_is_named_until_it_is_inactive(
        self, delivery: WebhookDelivery
    ) -> None:
        changed(delivery, status="sent")
        changed(delivery.endpoint, failing_since=timezone.now() - timedelta(hours=2))
        ((finding,),) = examined().values()
        assert delivery.endpoint.url in finding["what"]
        changed(delivery.endpoint, is_active=False)
        assert examined() == {}

    def test_a_sync_that_was_missed_is_made_up_for_by_the_command_named(self, team: Team) -> None:
        older(team, days=1)
        ((finding,),) = examined().values()
        assert finding["what"] == "no sync was finished ever"
        repair(finding)
        assert examined() == {}

    def test_a_form_whose_people_have_left_is_named(self, team: Team) -> None:
        made = web_form(team.ada, user_ids=[team.bob.id])
        assert examined() == {}
        with tenant_scope(team.tenant.pk):
            User.objects.filter(pk=team.bob.id).update(is_active=False)
        ((finding,),) = examined().values()
        assert f"form {made['id']}" in finding["what"]
        assert "1 of 1 people are inactive" in finding["what"]
