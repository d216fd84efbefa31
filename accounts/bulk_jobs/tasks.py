from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.bulk_jobs.exporting import NAME, clear_files, run_export
from accounts.bulk_jobs.models import BulkJob
from accounts.bulk_jobs.services import run_changes
from core.tasks import pending_work, system_task, tenant_task
from core.tenancy import across_tenants

Status = BulkJob.Status
# Each chunk touches its job, and none takes nearly as long.
GIVEN_UP_AFTER = timedelta(minutes=2)
FILES_KEPT = timedelta(days=7)


@tenant_task("bulk_jobs.run")
def run(*, job_id: int) -> None:
    """Do what somebody asked to be done to all rows of a list."""
    job = BulkJob.objects.get(pk=job_id)
    do = run_export if job.kind == NAME else run_changes
    do(job_id=job_id, at=timezone.now())


@pending_work("bulk_jobs.run")
def find_given_up() -> Iterable[dict[str, Any]]:
    """Jobs that nobody does although somebody should."""
    quiet = BulkJob.objects.filter(updated_at__lt=timezone.now() - GIVEN_UP_AFTER)
    jobs = quiet.filter(status__in=(Status.WAITING, Status.RUNNING)).values_list("tenant_id", "pk")
    return [{"tenant_id": tenant_id, "job_id": pk} for tenant_id, pk in jobs]


@system_task("bulk_jobs.clear_files")
def clear_old_files() -> int:
    """Delete the files of old exports."""
    with across_tenants():
        return clear_files(before=timezone.now() - FILES_KEPT)
