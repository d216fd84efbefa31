from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from core.tasks import sweep_pending
from core.tenancy import across_tenants, no_tenant
from prospects.imports.services import queue_import
from prospects.imports.tasks import GIVEN_UP_AFTER, apply
from prospects.models import ImportJob, Prospect
from tests.prospects.imports.plans import plan


@pytest.fixture
def woken(monkeypatch):
    """What was sent to the broker of our tasks, as (task, arguments)."""
    sent = []
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async",
        lambda task, kwargs, **options: sent.append((task.name, kwargs)),
    )
    return lambda: [each for each in sent if each[0] == "imports.apply"]


@pytest.mark.usefixtures("in_tenant")
class TestQueue:
    def test_wakes_a_worker_that_applies(self, woken, django_capture_on_commit_callbacks):
        job = plan("name\nAna")
        with django_capture_on_commit_callbacks(execute=True):
            assert queue_import(job_id=job.pk, by=None).status == "queued"
        ((name, kwargs),) = woken()
        with no_tenant():
            current_app.tasks[name](**kwargs)
        job.refresh_from_db()
        assert job.status == "applied"
        assert Prospect.objects.get().name == "Ana"

    def test_of_what_is_applied_changes_nothing(self, woken):
        job = plan("name\nAna")
        apply(tenant_id=job.tenant_id, job_id=job.pk)
        assert queue_import(job_id=job.pk, by=None).status == "applied"

    @pytest.mark.parametrize("status", ["undoing", "undone", "failed"])
    def test_too_late_changes_nothing(self, status):
        job = plan("name\nAna")
        ImportJob.objects.filter(pk=job.pk).update(status=status)
        apply(tenant_id=job.tenant_id, job_id=job.pk)
        job.refresh_from_db()
        assert job.status == status
        assert not Prospect.objects.exists()


@pytest.mark.usefixtures("in_tenant")
class TestSweep:
    @pytest.mark.parametrize(
        ("status", "is_woken"),
        [("queued", True), ("applying", True), ("planned", False), ("applied", False)],
    )
    def test_wakes_what_nobody_works_on(self, woken, status, is_woken):
        job = plan("name\nAna")
        ImportJob.objects.filter(pk=job.pk).update(status=status)
        expected = [("imports.apply", {"tenant_id": job.tenant_id, "job_id": job.pk})]
        with across_tenants():
            sweep_pending()
        assert woken() == []
        later = timezone.now() + GIVEN_UP_AFTER + timedelta(seconds=5)
        with time_machine.travel(later), across_tenants():
            sweep_pending()
        assert woken() == (expected if is_woken else [])
