"""The rows of a file that were refused, as a file to correct and import again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TextIO

from django.http import HttpResponse

from prospects.imports.matching import Verdict
from prospects.imports.models import ImportJob

# What a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Not `code`: read again, that would be taken for a calling code.
_ADDED = ["line", "error_code", "reason"]


def write_rejected(job: ImportJob, file: TextIO) -> int:
    """Write the refused rows of an import as CSV: line, error code, reason, the file's own cells.

    Returns how many there are.
    """
    writer = csv.writer(file)
    writer.writerow([*_ADDED, *map(harmless, job.columns)])
    number = 0
    for number, cells in enumerate(_rows(job), start=1):  # noqa: B007 - the count is wanted
        writer.writerow(cells)
    return number


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _rows(job: ImportJob) -> Iterator[list[object]]:
    refused = job.rows.filter(verdict__in=(Verdict.DUPLICATE, Verdict.ERROR)).order_by("line")
    rows = refused.values_list("line", "code", "message", "cells")
    for line, code, message, cells in rows.iterator(chunk_size=1000):
        yield [line, code, message, *(harmless(cells.get(name, "")) for name in job.columns)]


def rejected_file(job: ImportJob) -> HttpResponse:
    """Return the refused rows of a job as a download."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{job.pk}.rejected.csv"'
    write_rejected(job, response)  # type: ignore[arg-type]
    return response
