"""Plans of small files, for tests."""

from __future__ import annotations

import io
from typing import Any

from django.utils import timezone

from prospects.imports.models import ImportJob
from prospects.imports.services import apply_import, plan_import


def plan(content: str | bytes, **options: Any) -> ImportJob:
    """Plan a file with this content; lines may be indented."""
    if isinstance(content, str):
        content = "\n".join(line.strip() for line in content.strip().splitlines()).encode() + b"\n"
    wanted = {
        "mapping": {},
        "constants": {},
        "is_update": False,
        "creates_users": False,
        "by": None,
        "at": timezone.now(),
        **options,
    }
    return plan_import(file=io.BytesIO(content), file_name="leads.csv", **wanted)


def apply(job: ImportJob, **options: Any) -> ImportJob:
    """Apply a plan now."""
    return apply_import(job_id=job.pk, **{"at": timezone.now(), **options})


def bring_in(content: str | bytes, **options: Any) -> ImportJob:
    """Plan and apply."""
    return apply(plan(content, **options))


def verdicts(job: ImportJob) -> list[tuple[int, str, str]]:
    """Line, verdict and code of every row."""
    rows = job.rows.order_by("line").values_list("line", "verdict", "code")
    return [(line, verdict, code) for line, verdict, code in rows]
