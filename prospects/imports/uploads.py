"""Uploaded files: kept with their job until a worker has read them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.db import transaction

from core.errors import InvalidInput
from core.tasks import wake
from prospects.imports.files import Table, TableError, open_table
from prospects.imports.models import ImportJob, ImportMapping
from prospects.imports.services import (
    ImportNotReady,
    check_mapping,
    fill_plan,
    refuse_newcomers,
)
from prospects.pipeline.services import acting_author

log = logging.getLogger(__name__)
Status = ImportJob.Status
_LONGEST_NAME = 255
_PROGRESS_KEPT_FOR = 3600  # seconds


def receive_upload(
    *,
    file: BinaryIO,
    file_name: str,
    is_update: bool,
    creates_users: bool,
    by: Any,
    at: datetime,
) -> ImportJob:
    """Keep a file whose columns somebody will now explain (queue_plan).

    :param file: open and seekable, as Django hands over uploads.
    :param by: who uploads it; creating unknown owners takes the right to add users.
    :raises NotAllowed: they have not got that right.
    :raises InvalidInput: it is too large, or no table of rows.
    """
    refuse_newcomers(by, creates_users=creates_users)
    table = _open(file, file_name)
    job = ImportJob(
        file_name=file_name[-_LONGEST_NAME:],
        status=Status.UPLOADED,
        columns=table.columns,
        is_update=is_update,
        creates_users=creates_users,
        created_by=acting_author(by),
        created_at=at,
    )
    file.seek(0)
    # Nothing of the name that somebody typed goes into a path.
    job.upload.save("upload", File(file), save=False)
    job.save()
    return job


def _open(file: BinaryIO, file_name: str) -> Table:
    most = settings.CRM_MAX_IMPORT_BYTES
    file.seek(0, 2)
    if file.tell() > most:
        raise InvalidInput.of("file", f"The file is larger than {most // 1024**2} MB.")
    try:
        return open_table(file, file_name)
    except TableError as error:
        raise InvalidInput.of("file", f"{error}.") from error


def queue_plan(
    *, job_id: int, mapping: Mapping[str, str], constants: Mapping[str, str]
) -> ImportJob:
    """Have a worker read an uploaded file; remember what its columns mean for the next one.

    :param mapping: {column: field}, "" for a column that is not imported. Columns that are not
        named mean what they did in an earlier file, else what their names say.
    :param constants: {field: value} of every row.
    :raises InvalidInput: mapping or constants cannot be used.
    :raises ImportNotReady: the columns have been explained already.
    """
    with transaction.atomic():
        job = ImportJob.objects.select_for_update().get(pk=job_id)
        if job.status != Status.UPLOADED:
            raise ImportNotReady(f"The columns are known already: this import is {job.status}.")
        job.mapping = {**remembered_mapping(job.columns, taken=mapping.values()), **mapping}
        job.constants = dict(constants)
        check_mapping(job)
        _remember(mapping)
        job.status = Status.PLANNING
        job.save()
        wake("imports.plan", tenant_id=job.tenant_id, job_id=job.pk)
    return job


def remembered_mapping(columns: Sequence[str], *, taken: Any = ()) -> dict[str, str]:
    """Return what these columns meant in the tenant's earlier files: {column: field}.

    :param taken: fields that other columns fill this time.
    """
    names = {column.casefold(): column for column in columns}
    known = ImportMapping.objects.filter(column__in=names).order_by("column")
    found: dict[str, str] = {}
    for column, field in known.values_list("column", "field"):
        if not field or field not in {*taken, *found.values()}:
            found[names[column]] = field
    return found


def _remember(mapping: Mapping[str, str]) -> None:
    ImportMapping.objects.bulk_create(
        [ImportMapping(column=column.casefold(), field=field) for column, field in mapping.items()],
        update_conflicts=True,
        unique_fields=["tenant", "column"],
        update_fields=["field"],
    )


def plan_upload(*, job_id: int) -> None:
    """Read an uploaded file and store what would become of every row. Safe to run twice.

    What is wrong with the file is said in the job (`message`); a worker that dies leaves it to the
    next one, as nothing is stored before everything is.
    """
    with transaction.atomic():
        # Whoever is reading it already holds the row.
        rows = ImportJob.objects.select_for_update(skip_locked=True)
        job = rows.filter(pk=job_id, status=Status.PLANNING).first()
        if job is None:
            return
        problem = _read(job)
        if problem:
            job.refresh_from_db()
            job.status, job.message = Status.FAILED, problem[:500]
        name, job.upload = job.upload.name, ""
        job.save()
        storage = ImportJob._meta.get_field("upload").storage  # type: ignore[union-attr]
        transaction.on_commit(lambda: storage.delete(name))


def _read(job: ImportJob) -> str:
    """Fill the plan; return what is wrong, with nothing stored, if something is."""
    try:
        with transaction.atomic(), job.upload.open("rb") as kept:
            table = open_table(kept.file, job.file_name)
            fill_plan(job, table, job.mapping, lambda rows: _tell(job.pk, rows))
    except (TableError, InvalidInput) as error:
        return str(error)
    except FileNotFoundError:
        return "The uploaded file is no longer there: upload it again."
    return ""


def _tell(job_id: int, rows: int) -> None:
    """Let others see how far the reading is, which the transaction still hides."""
    try:
        cache.set(f"import-read:{job_id}", rows, timeout=_PROGRESS_KEPT_FOR)
    except Exception:  # a cache that is down costs the progress bar, not the import
        log.exception("the cache does not answer; import %s is read unseen", job_id)


def rows_read(job: ImportJob) -> int:
    """How many rows of a job have been read so far, also while a worker reads on."""
    if job.status != Status.PLANNING:
        return job.rows_read
    try:
        return int(cache.get(f"import-read:{job.pk}") or 0)
    except Exception:  # nor does it cost those who look at the import
        log.warning("the cache does not answer; how far import %s is read is not known", job.pk)
        return 0


def drop_unexplained(*, before: datetime) -> int:
    """Forget files whose columns nobody has explained. Returns how many; runs for everyone."""
    forgotten = ImportJob.objects.filter(status=Status.UPLOADED, created_at__lt=before)
    return sum(map(discard_upload, forgotten.order_by("pk")))


def discard_upload(job: ImportJob) -> bool:
    """Forget an uploaded file and its job."""
    job.upload.delete(save=False)
    job.delete()
    return True
