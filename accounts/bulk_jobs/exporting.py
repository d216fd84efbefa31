"""Lists as files: at once where they are short, else written by a worker and kept for some days."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.bulk_jobs.kinds import Kind, add_kind, get_kind
from accounts.bulk_jobs.models import BulkJob
from accounts.bulk_jobs.services import (
    CHUNK,
    as_doer,
    as_person,
    begin,
    fail,
    finish,
    lock_job,
    require_right,
    start_job,
)
from accounts.saved_views.models import SavedView
from accounts.saved_views.services import asked_by
from accounts.users.models import User
from core.back_office_asking import open_list
from core.back_office_cells import columns_of, read_rows
from core.back_office_pages import PagedList
from core.errors import DomainError, InvalidInput
from core.rights import EXPORT
from core.tables_out import MOST_XLSX_ROWS, TYPES, XLSX, write_table

Status = BulkJob.Status
AT_ONCE = 2000  # rows that are written while one waits
NAME = "export"

add_kind(Kind(name=NAME, label=gettext_lazy("Export"), permission=EXPORT))


class Stopped(Exception):
    """Somebody stopped the job while its file was written."""


def export_list(
    *, list_name: str, query: str, kind: str, key: str, by: User, at: datetime, file: BinaryIO
) -> BulkJob:
    """Write a list as its user filtered it to an open file, or have a worker do so if it is long.

    Either is recorded; only what is done has been written.

    :param query: the query string of the list's page: filters, columns, sort.
    :param kind: CSV or XLSX.
    :raises NotAllowed: they may not export, or not look at the list.
    :raises InvalidInput: the list does not know what is asked, or no file of this kind is so long.
    """
    require_kind(kind)
    require_right(get_kind(NAME), by)
    found = open_list(list_name, user=by, query=query)
    ids = list(found.queryset.values_list("pk", flat=True)[: AT_ONCE + 1])
    asked: dict[str, Any] = {"list_name": list_name, "query": query, "by": by, "at": at}
    if len(ids) > AT_ONCE:
        return start_job(kind=NAME, given={"format": kind}, key=key, **asked)
    return write_now(found, ids, kind=kind, file=file, **asked)


def write_now(
    found: PagedList,
    ids: list[int],
    *,
    kind: str,
    file: BinaryIO,
    list_name: str,
    query: str,
    by: User,
    at: datetime,
) -> BulkJob:
    """Write these rows of a list to an open file, and record who did so."""
    columns, written = columns_of(found), _Count()
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    rows = (row for chunk in chunks for row in written.of(read_rows(found, columns, chunk)))
    write_table(kind, file, [column.label for column in columns], rows)
    job: BulkJob = BulkJob.objects.create(
        kind=NAME,
        list_name=list_name,
        query=query,
        given={"format": kind},
        key=f"now:{at.isoformat()}",
        status=Status.DONE,
        total=len(ids),
        done=written.rows,
        created_by_id=by.pk,
        created_at=at,
        finished_at=at,
    )
    return job


def write_view(view: SavedView, *, kind: str, file: BinaryIO, by: User, at: datetime) -> BulkJob:
    """Write all rows of a saved view that somebody sees to an open file, however many they are.

    :param by: of the view's tenant, in whose language and time zone it is written.
    :raises NotAllowed: they may not export, may not sign in, or not look at the list.
    :raises InvalidInput: the view asks for something that does not exist any more.
    """
    require_right(get_kind(NAME), by)
    with as_person(by):
        query = asked_by(view, user=by)
        found = open_list(view.list_name, user=by, query=query)
        ids = list(found.queryset.values_list("pk", flat=True))
        require_length(kind, len(ids))
        asked: dict[str, Any] = {"list_name": view.list_name, "query": query, "by": by, "at": at}
        return write_now(found, ids, kind=kind, file=file, **asked)


def require_length(kind: str, rows: int) -> None:
    """Refuse more rows than a kind of file holds.

    :raises InvalidInput: saying how many it does.
    """
    if kind == XLSX and rows > MOST_XLSX_ROWS:
        most = number_format(MOST_XLSX_ROWS, force_grouping=True)
        raise InvalidInput(_("XLSX holds at most %s rows: choose CSV.") % most)


def require_kind(kind: str) -> None:
    """Refuse what is no kind of file.

    :raises InvalidInput: naming the kinds.
    """
    if kind not in TYPES:
        raise InvalidInput.of("format", _("Choose CSV or XLSX."))


def run_export(*, job_id: int, at: datetime) -> BulkJob:
    """Write the file of a job, and keep it. Safe to run twice: a file that was broken off is
    written anew from the rows that the job is about, and one file stays."""
    job = begin(job_id, at=at)
    if job.status != Status.RUNNING:
        return job
    try:
        with tempfile.TemporaryFile() as file:
            _write(job, file)
            file.seek(0)
            return _keep(job, file, at=timezone.now())
    except Stopped:
        return BulkJob.objects.get(pk=job_id)
    except DomainError as refusal:
        return _give_up(job_id, refusal, at=timezone.now())


def file_name(job: BulkJob) -> str:
    """What the file of a job is called by whoever downloads it."""
    return f"{job.list_name.partition('.')[2]}-{job.pk}.{job.given['format']}"


def _write(job: BulkJob, file: BinaryIO) -> None:
    kind = job.given["format"]
    require_length(kind, job.total)
    with as_doer(job) as user:
        found = open_list(job.list_name, user=user, query=job.query)
        columns = columns_of(found)
        rows = _rows_of(job, found, columns)
        write_table(kind, file, [column.label for column in columns], rows)


def _rows_of(job: BulkJob, found: PagedList, columns: Any) -> Iterator[list[Any]]:
    """The rows of a job, chunk by chunk: before each one is asked whether to go on."""
    written, number = _Count(), 0
    while (ids := _next_ids(job.pk, number, written.rows)) is not None:
        yield from written.of(read_rows(found, columns, ids))
        number += 1
    job.done = written.rows


@transaction.atomic
def _next_ids(job_id: int, number: int, written: int) -> list[int] | None:
    """The ids of a chunk, None after the last; note how far the file is."""
    job = lock_job(job_id)
    if job.status != Status.RUNNING:
        raise Stopped
    with as_doer(job) as user:
        require_right(get_kind(NAME), user)
    BulkJob.objects.filter(pk=job_id).update(done=written, updated_at=timezone.now())
    found: list[int] | None = job.chunks.filter(number=number).values_list("ids", flat=True).first()
    return found


@transaction.atomic
def _keep(written: BulkJob, file: BinaryIO, *, at: datetime) -> BulkJob:
    job = lock_job(written.pk)
    if job.status == Status.RUNNING:
        job.done = written.done
        # Nothing that somebody typed goes into a path.
        job.file.save("export", File(file), save=False)
        finish(job, at=at)
    return job


@transaction.atomic
def _give_up(job_id: int, refusal: DomainError, *, at: datetime) -> BulkJob:
    return fail(lock_job(job_id), refusal.message, at=at)


def clear_files(*, before: datetime) -> int:
    """Delete files that were ready before; runs for everyone. Returns how many."""
    old = BulkJob.objects.filter(finished_at__lt=before).exclude(file="").order_by("pk")
    count = 0
    for job in old:
        job.file.delete(save=False)
        BulkJob.objects.filter(pk=job.pk).update(file="")
        count += 1
    return count


class _Count:
    """How many rows went by."""

    rows = 0

    def of(self, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
        for row in rows:
            self.rows += 1
            yield row
