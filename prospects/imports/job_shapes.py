"""Imports and their rows as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.errors import InvalidInput
from prospects.imports.models import ImportJob, ImportRow
from prospects.imports.uploads import rows_read
from prospects.pipeline.models import Prospect

Verdict = ImportRow.Verdict
SPARED = "spared"  # asked for like a verdict: what undoing has left as it is


def job_shape(job: ImportJob) -> dict[str, Any]:
    """Return an import as the API shows it."""
    return {
        "id": job.pk,
        "file_name": job.file_name,
        "status": job.status,
        "message": job.message,
        "columns": job.columns,
        "mapping": job.mapping,
        "constants": job.constants,
        "update": job.is_update,
        "create_users": job.creates_users,
        "new_entries": {
            field: [name for _, name in entries] for field, entries in job.new_entries.items()
        },
        "counts": {verdict.value: job.counts.get(verdict.value, 0) for verdict in Verdict},
        "rows_read": rows_read(job),
        "rows_to_write": job.counts.get("create", 0) + job.counts.get("update", 0),
        "rows_applied": job.rows_applied,
        "rows_undone": job.rows_undone,
        "rows_spared": job.rows_spared,
        "created_by": job.created_by_id,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def progress_of(job: ImportJob) -> tuple[int, int | None]:
    """Return how many rows are done of how many in what is under way; None while nobody knows."""
    written = job.counts.get("create", 0) + job.counts.get("update", 0)
    if job.status == ImportJob.Status.PLANNING:
        return rows_read(job), None
    if job.status in (ImportJob.Status.UNDOING, ImportJob.Status.UNDONE):
        return job.rows_undone + job.rows_spared, job.rows_applied
    return job.rows_applied, written


def row_shapes(rows: Sequence[ImportRow], job: ImportJob) -> list[dict[str, Any]]:
    """Return rows as the API shows them; of an update also what each changed column was."""
    planned = [row for row in rows if row.verdict == Verdict.UPDATE and row.before is None]
    ids = {row.prospect_id for row in planned}
    cards = {card["id"]: card for card in Prospect.objects.filter(pk__in=ids).values()}
    return [_row_shape(row, job, cards.get(row.prospect_id, {})) for row in rows]


def _row_shape(row: ImportRow, job: ImportJob, card: dict[str, Any]) -> dict[str, Any]:
    before = card if row.before is None else row.before
    is_update = row.verdict == Verdict.UPDATE
    changes = {name: {"from": before.get(name), "to": value} for name, value in row.values.items()}
    return {
        "line": row.line,
        "verdict": row.verdict,
        "code": row.code,
        "message": row.message,
        "cells": row.cells,
        "changes": changes if is_update else {},
        "prospect_id": row.known_card_id(job),
        "spared": row.spared,
    }


def rows_of(job: ImportJob, verdict: str) -> Any:
    """Return a job's rows with this verdict, `spared` ones, or all.

    :raises InvalidInput: there is no such verdict.
    """
    if not verdict:
        return job.rows.all()
    if verdict == SPARED:
        return job.rows.filter(spared__gt="")
    if verdict not in ImportRow.Verdict.values:
        known = ", ".join([*ImportRow.Verdict.values, SPARED])
        raise InvalidInput.of("verdict", f"Must be one of {known}.")
    return job.rows.filter(verdict=verdict)


def number_of_rows(job: ImportJob, verdict: str) -> int:
    """Return how many rows rows_of has, without counting them: the job knows."""
    if not verdict:
        return job.rows_read
    return job.rows_spared if verdict == SPARED else job.counts.get(verdict, 0)
