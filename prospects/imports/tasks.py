from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.tasks import pending_work, tenant_task
from prospects.imports.models import ImportJob
from prospects.imports.services import apply_import

# Each chunk touches its job, and none takes nearly as long.
GIVEN_UP_AFTER = timedelta(minutes=2)


@tenant_task("imports.apply")
def apply(*, job_id: int) -> None:
    """Write what an import plans."""
    apply_import(job_id=job_id, at=timezone.now())


@pending_work("imports.apply")
def find_waiting() -> Iterable[dict[str, Any]]:
    """Imports that nobody works on although somebody should."""
    waiting = (ImportJob.Status.QUEUED, ImportJob.Status.APPLYING)
    jobs = ImportJob.objects.filter(
        status__in=waiting, updated_at__lt=timezone.now() - GIVEN_UP_AFTER
    )
    return [{"tenant_id": job.tenant_id, "job_id": job.pk} for job in jobs]
