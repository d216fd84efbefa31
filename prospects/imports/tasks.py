from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.tasks import pending_work, system_task, tenant_task
from core.tenancy import across_tenants
from prospects.imports.models import ImportJob
from prospects.imports.services import ImportNotReady, apply_import, undo_import
from prospects.imports.uploads import drop_unexplained, plan_upload

Status = ImportJob.Status

EXPLAINED_WITHIN = timedelta(days=1)
# Each chunk touches its job, and none takes nearly as long.
GIVEN_UP_AFTER = timedelta(minutes=2)


@tenant_task("imports.apply")
def apply(*, job_id: int) -> None:
    """Write what an import plans, unless it has failed or been undone since somebody asked."""
    with suppress(ImportNotReady):
        apply_import(job_id=job_id, at=timezone.now())


@tenant_task("imports.undo")
def undo(*, job_id: int) -> None:
    """Take back what an import has written."""
    undo_import(job_id=job_id, at=timezone.now())


@tenant_task("imports.plan")
def plan(*, job_id: int) -> None:
    """Read an uploaded file."""
    plan_upload(job_id=job_id)


@system_task("imports.drop_unexplained")
def drop_forgotten() -> int:
    """Forget files that were uploaded and left alone for a day."""
    with across_tenants():
        return drop_unexplained(before=timezone.now() - EXPLAINED_WITHIN)


@pending_work("imports.apply")
def find_waiting() -> Iterable[dict[str, Any]]:
    """Imports that nobody applies although somebody should."""
    return _given_up(Status.QUEUED, Status.APPLYING)


@pending_work("imports.undo")
def find_half_undone() -> Iterable[dict[str, Any]]:
    """Imports that nobody undoes although somebody should."""
    return _given_up(Status.UNDOING)


@pending_work("imports.plan")
def find_unread() -> Iterable[dict[str, Any]]:
    """Files that nobody reads, or that somebody is still reading: he is not disturbed."""
    return _given_up(Status.PLANNING)


def _given_up(*statuses: str) -> Iterable[dict[str, Any]]:
    quiet = ImportJob.objects.filter(updated_at__lt=timezone.now() - GIVEN_UP_AFTER)
    jobs = quiet.filter(status__in=statuses).values_list("tenant_id", "pk")
    return [{"tenant_id": tenant_id, "job_id": pk} for tenant_id, pk in jobs]
