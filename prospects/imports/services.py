from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.db.models.functions import Now

from core.errors import DomainError, InvalidInput, NotAllowed
from core.grown_tables import analyze_grown
from core.phone_spelling import InvalidPhone, read_calling_code
from core.retrying import in_transaction
from core.tasks import wake
from core.values import InvalidValue
from prospects.contacts.models import Contact
from prospects.imports.applying import apply_chunk, create_newcomers
from prospects.imports.fields import file_fields
from prospects.imports.files import Table, TableError, open_table
from prospects.imports.headers import FIELDS, IDENTIFYING, map_columns, unknown_field
from prospects.imports.matching import Verdict
from prospects.imports.models import ImportJob, ImportRow
from prospects.imports.newcomers import Newcomers
from prospects.imports.planning import OnProgress, Plan, plan_rows
from prospects.imports.reading import RowReader
from prospects.imports.references import References
from prospects.imports.undoing import undo_chunk
from prospects.pipeline.bulk import Values
from prospects.pipeline.models import Prospect
from prospects.pipeline.services import acting_author
from prospects.pipeline.telling import tell_of_many

Status = ImportJob.Status
# Applying what is applied already does no harm.
APPLICABLE = (Status.PLANNED, Status.QUEUED, Status.APPLYING, Status.APPLIED)
_LONGEST_FILE_NAME = 255


class ImportNotReady(DomainError):
    """The import is not in a state in which this can be done."""

    code = "import_not_ready"


class ImportFailed(DomainError):
    """The import could not be finished; what it has written so far stays."""

    code = "import_failed"


def _no_progress(rows: int) -> None:
    """Nobody watches."""


def plan_import(
    *,
    file: str | Path | BinaryIO,
    file_name: str,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
    is_update: bool,
    creates_users: bool,
    by: Any,
    at: datetime,
    on_progress: OnProgress = _no_progress,
) -> ImportJob:
    """Read a file and store what would become of every row: nothing else is written yet.

    :param mapping: {column: field}; columns that are not named map themselves by their names.
    :param constants: {field: value} of every row.
    :param is_update: rows whose external id a card has change that card.
    :param creates_users: owners that nobody is become users who cannot sign in.
    :param by: whose import it is and whose eyes count; None for the operator, who sees all.
    :param on_progress: is called with the number of rows read so far.
    :raises InvalidInput: the file, the mapping or a constant cannot be used; nothing is stored.
    """
    try:
        with transaction.atomic():
            table = open_table(file, file_name)
            job = ImportJob.objects.create(
                file_name=file_name[-_LONGEST_FILE_NAME:],
                columns=table.columns,
                constants=dict(constants),
                is_update=is_update,
                creates_users=creates_users,
                created_by=acting_author(by),
                created_at=at,
            )
            fill_plan(job, table, mapping, on_progress)
    except TableError as error:
        raise InvalidInput(str(error)) from error
    return job


def fill_plan(
    job: ImportJob, table: Table, mapping: Mapping[str, str], on_progress: OnProgress
) -> None:
    """Judge every row of a job's table and store the verdicts; call it in a transaction.

    :raises InvalidInput: the mapping or a constant cannot be used.
    :raises TableError: the file turns out to be damaged.
    """
    newcomers = Newcomers(takes_users=job.creates_users)
    references = References(job.tenant, newcomers)
    sources = map_columns(job.columns, mapping, job.constants)
    job.mapping = {column: field for field, column in sources.items()}
    reader = _reader(job, references, sources)
    plan_rows(Plan(job, table, reader, references, newcomers), on_progress)
    job.status = Status.PLANNED
    job.save()


def check_mapping(job: ImportJob) -> None:
    """See whether a job's mapping and constants can be used.

    :raises InvalidInput: they cannot.
    """
    references = References(job.tenant, Newcomers(takes_users=job.creates_users))
    _reader(job, references, map_columns(job.columns, job.mapping, job.constants))


def _reader(job: ImportJob, references: References, sources: Mapping[str, str]) -> RowReader:
    fields = file_fields(references)
    constants = dict(job.constants)
    phone_code = _read_code(constants.pop("code", None))
    return RowReader(
        fields=fields,
        sources=sources,
        region=references.tenant.country_code,
        constants=_read_constants(constants, fields),
        phone_code=phone_code,
    )


def _read_code(text: str | None) -> str | None:
    try:
        return read_calling_code(text)
    except InvalidPhone as error:
        raise InvalidInput(f"code: {error}.") from error


def _read_constants(constants: Mapping[str, str], fields: Mapping[str, Any]) -> Values:
    values = {}
    for name, text in constants.items():
        if name not in FIELDS:
            raise unknown_field(name)
        if name in IDENTIFYING:
            raise InvalidInput(f"{name} cannot be the same for every row.")
        try:
            values[fields[name].column] = fields[name].read(text)
        except InvalidValue as error:
            raise InvalidInput(f"{name}: {text!r} {error}.") from error
    return values


def refuse_newcomers(by: Any, *, creates_users: bool) -> None:
    """Creating unknown owners takes the right to add users; `by` None may do all.

    :raises NotAllowed: `by` has not got it.
    """
    if creates_users and by is not None and not by.has_perm("accounts.add_user"):
        raise NotAllowed("Creating unknown owners needs the right to add users.")


def queue_import(*, job_id: int, by: Any) -> ImportJob:
    """Have a worker apply a plan. Harmless where that is under way already.

    :raises NotAllowed: it creates users, which `by` may not.
    :raises ImportNotReady: it failed, is still being read, or has been undone.
    """
    with transaction.atomic():
        job = _lock(job_id)
        refuse_newcomers(by, creates_users=job.creates_users)
        if job.status == Status.PLANNED:
            job.status = Status.QUEUED
            job.save(update_fields=["status"])
        wake("imports.apply", tenant_id=job.tenant_id, job_id=job.pk)
    return job


def apply_import(*, job_id: int, at: datetime, on_progress: OnProgress = _no_progress) -> ImportJob:
    """Write what a plan says, chunk by chunk, from where it was left. Safe to run twice.

    A row that is a duplicate by now is not written but gets that verdict.

    :param on_progress: is called with the number of rows written so far.
    :raises ImportNotReady: it is still being read, has failed or been undone.
    :raises ImportFailed: something that it refers to was deleted since it was planned.
    """
    try:
        job = in_transaction(lambda: _start(job_id))
        while job.status == Status.APPLYING:
            job = in_transaction(lambda: _advance(job_id, at))
            analyze_grown(Prospect, Contact, ImportRow)
            on_progress(job.rows_applied)
    except IntegrityError as error:
        if type(error.__cause__).__name__ != "ForeignKeyViolation":
            raise
        failure = ImportFailed(
            "Something that the rows refer to was deleted since they were read: import again."
        )
        ImportJob.objects.filter(pk=job_id).update(status=Status.FAILED, message=failure.message)
        raise failure from error
    return job


def _start(job_id: int) -> ImportJob:
    job = _lock(job_id)
    if job.status in (Status.PLANNED, Status.QUEUED):
        create_newcomers(job)
        job.status = Status.APPLYING
        job.save(update_fields=["status"])
    return job


def _advance(job_id: int, at: datetime) -> ImportJob:
    """Write one chunk. Two workers on one job take turns, as each locks it for a chunk."""
    job = _lock(job_id)
    if job.status == Status.APPLYING and not apply_chunk(job, at):
        job.status = Status.APPLIED
        job.finished_at = Now()
        job.save(update_fields=["status", "finished_at"])
        job.refresh_from_db(fields=["finished_at"])
        _tell_owners(job)
    return job


def queue_undo(job_id: int) -> ImportJob:
    """Have a worker take back what an import has written.

    :raises ImportNotReady: it has written nothing, is being written or undone, or was undone.
    """
    with transaction.atomic():
        job = claim_undo(job_id)
        wake("imports.undo", tenant_id=job.tenant_id, job_id=job.pk)
    return job


@transaction.atomic
def claim_undo(job_id: int) -> ImportJob:
    """Decide that an import is undone, by whoever calls undo_import next.

    :raises ImportNotReady: as queue_undo.
    """
    job = ImportJob.objects.select_for_update().get(pk=job_id)
    if not job.may_undo:
        raise ImportNotReady(f"This import cannot be undone: it is {job.status}.")
    job.status = Status.UNDOING
    job.save(update_fields=["status"])
    return job


def undo_import(*, job_id: int, at: datetime, on_progress: OnProgress = _no_progress) -> ImportJob:
    """Take back what an import has written, chunk by chunk, from where it was left.

    Cards that it created are deleted, columns that it changed get their old values. What people
    have worked on since stays as it is; its rows say so (`ImportRow.spared`). Safe to run twice.

    :param on_progress: is called with the number of rows dealt with so far.
    :raises ImportNotReady: nobody has asked for it (queue_undo).
    """
    while True:
        job = in_transaction(lambda: _take_back(job_id, at))
        on_progress(job.rows_undone + job.rows_spared)
        if job.status == Status.UNDONE:
            return job


def _take_back(job_id: int, at: datetime) -> ImportJob:
    job = ImportJob.objects.select_for_update().get(pk=job_id)
    if job.status not in (Status.UNDOING, Status.UNDONE):
        raise ImportNotReady(f"This import is not being undone: it is {job.status}.")
    if job.status == Status.UNDOING and not undo_chunk(job, at):
        job.status = Status.UNDONE
        job.finished_at = Now()
        job.save(update_fields=["status", "finished_at"])
        job.refresh_from_db(fields=["finished_at"])
    return job


def _tell_owners(job: ImportJob) -> None:
    """Tell the owners of new cards how many came to them, but who imported them."""
    created = job.rows.filter(verdict=Verdict.CREATE).order_by()
    counts = created.values_list("values__owner_id").annotate(cards=Count("pk"))
    theirs = {pk: cards for pk, cards in counts if pk not in (None, job.created_by_id)}
    tell_of_many(theirs, key=f"import:{job.pk}")


def _lock(job_id: int) -> ImportJob:
    job = ImportJob.objects.select_for_update().get(pk=job_id)
    if job.status not in APPLICABLE:
        raise ImportNotReady(f"This import cannot be applied: it is {job.status}.")
    return job
