"""Work in the background: pending rows, tasks that are woken, a sweep that forgets none."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from celery import current_app
from celery.exceptions import NotRegistered
from django.conf import settings as project
from django.db import transaction

from core import tasks
from core.tasks import pending_work, sweep_pending, system_task, tenant_task, wake
from core.tenancy import TenantNotSet, WrongTenant, current_tenant, tenant_scope
from prospects.models import FollowUpCategory, Prospect
from tests.prospects.cards_of import card

NOBODY_THERE = "redis://127.0.0.1:1/0"


@tenant_task("tests.confirm")
def confirm(*, category_id: int) -> str:
    """Settle a category whose label says that it is pending."""
    category = FollowUpCategory.objects.get(pk=category_id)
    category.label = "done"
    category.save()
    return category.label


@system_task("tests.who")
def who() -> int | None:
    """Tell for whom it acts."""
    return current_tenant()


@pytest.fixture
def pending(team):
    """A category that waits for `tests.confirm`."""
    with tenant_scope(team.tenant.pk):
        return FollowUpCategory.objects.create(name="work", label="pending")


@pytest.fixture
def registered(monkeypatch):
    """Rows that are pending for `tests.confirm` are known to the sweep, and nothing else is."""
    monkeypatch.setattr(tasks, "_pending", {})

    @pending_work("tests.confirm")
    def find():
        rows = FollowUpCategory.objects.filter(label="pending")
        return [{"tenant_id": row.tenant_id, "category_id": row.pk} for row in rows]


def label_of(category, team):
    with tenant_scope(team.tenant.pk):
        return FollowUpCategory.objects.get(pk=category.pk).label


class TestTenantTask:
    def test_acts_for_the_tenant_it_is_given(self, team, pending):
        assert confirm(tenant_id=team.tenant.pk, category_id=pending.pk) == "done"

    def test_finds_nothing_of_another_tenant(self, rivals, pending):
        with pytest.raises(FollowUpCategory.DoesNotExist):
            confirm(tenant_id=rivals.tenant.pk, category_id=pending.pk)

    def test_without_a_tenant_is_an_error(self, pending):
        with pytest.raises(TenantNotSet):
            confirm(tenant_id=None, category_id=pending.pk)
        with pytest.raises(TypeError):
            confirm(category_id=pending.pk)

    def test_does_not_inherit_the_scope_of_whoever_calls_it(self, team, rivals, pending):
        with tenant_scope(rivals.tenant.pk):
            assert confirm(tenant_id=team.tenant.pk, category_id=pending.pk) == "done"
            assert current_tenant() == rivals.tenant.pk

    def test_leaves_its_name_in_the_history(self, team):
        prospect = card(team)

        @tenant_task("tests.rename")
        def rename() -> None:
            Prospect.objects.filter(pk=prospect.pk).update(company_name="Renamed")

        rename(tenant_id=team.tenant.pk)
        with tenant_scope(team.tenant.pk):
            event = Prospect.pgh_event_model.objects.get()
        assert event.pgh_context == {"door": "task:tests.rename"}


class TestSystemTask:
    def test_acts_for_nobody_until_it_says_for_whom(self, team):
        with tenant_scope(team.tenant.pk), pytest.raises(TenantNotSet):
            who()


class TestWake:
    def test_waits_for_the_commit(self, team, pending, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            wake("tests.confirm", tenant_id=team.tenant.pk, category_id=pending.pk)
            assert label_of(pending, team) == "pending"
        assert label_of(pending, team) == "done"

    def test_forgets_what_was_rolled_back(self, team, pending, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
            wake("tests.confirm", tenant_id=team.tenant.pk, category_id=pending.pk)
            transaction.set_rollback(True)
        assert callbacks == []

    def test_refuses_a_task_that_does_not_exist(self, db):
        with pytest.raises(NotRegistered):
            wake("tests.no_such_task", tenant_id=1)

    def test_does_not_fail_whoever_wakes(self, team, caplog, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            wake("tests.confirm", tenant_id=team.tenant.pk, category_id=0)
        assert "tests.confirm waits for the sweep" in caplog.text


class TestSweep:
    def test_wakes_what_is_pending(self, team, pending, registered):
        assert sweep_pending() == 1
        assert label_of(pending, team) == "done"

    def test_leaves_alone_what_is_done(self, team, pending, registered):
        sweep_pending()
        assert sweep_pending() == 0

    def test_serves_every_tenant(self, team, rivals, pending, registered):
        with tenant_scope(rivals.tenant.pk):
            FollowUpCategory.objects.create(name="work", label="pending")
        assert sweep_pending() == 2

    def test_goes_on_when_one_kind_of_work_cannot_be_told(self, team, pending, registered, caplog):
        tasks._pending.clear()

        @pending_work("tests.who")
        def broken():
            raise WrongTenant("broken")

        @pending_work("tests.confirm")
        def find():
            return [{"tenant_id": team.tenant.pk, "category_id": pending.pk}]

        assert sweep_pending() == 1
        assert "no telling what is pending for tests.who" in caplog.text


FRESH_PROCESS = """
import json, sys, time
import django
django.setup()
from celery import current_app
from django.conf import settings
from core.tasks import wake
settings.DATABASES["default"]["NAME"] = sys.argv[1]
started = time.monotonic()
wake("core.sweep_pending", tenant_id=1)
print(json.dumps({"tasks": sorted(current_app.tasks), "seconds": time.monotonic() - started}))
"""


@pytest.fixture(scope="module")
def told():
    """What a new process says that knows the settings and whose broker does not answer."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "crm_project.settings.dev",
        "REDIS_URL": NOBODY_THERE,
    }
    done = subprocess.run(
        [sys.executable, "-c", FRESH_PROCESS, project.DATABASES["default"]["NAME"]],
        env=environment,
        cwd=project.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout) | {"stderr": done.stderr}


class TestFreshProcess:
    def test_knows_every_task(self, told):
        ours = {name for name in current_app.tasks if not name.startswith(("celery.", "tests."))}
        assert ours <= set(told["tasks"])

    def test_knows_every_task_of_the_schedule(self, told):
        scheduled = {entry["task"] for entry in project.CELERY_BEAT_SCHEDULE.values()}
        assert scheduled <= set(told["tasks"])

    def test_is_not_held_up_by_a_broker_that_is_down(self, told):
        assert told["seconds"] < 5
        assert "core.sweep_pending waits for the sweep" in told["stderr"]
