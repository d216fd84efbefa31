from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.bulk_jobs.kinds import Kind, get_kind
from accounts.bulk_jobs.models import BulkChunk, BulkJob
from accounts.notifications.services import Notice, notify_users
from accounts.users.models import User
from core.audit import name_actor
from core.back_office_asking import open_list
from core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from core.retrying import in_transaction
from core.tasks import wake

Status = BulkJob.Status
CHUNK = 500  # rows that are changed in one transaction
MOST_STARTS = 20  # then whatever breaks it off will do so again
# The rows in the order of the list, by one statement.
FREEZE = """
    INSERT INTO accounts_bulkchunk (tenant_id, job_id, number, ids)
    SELECT %s, %s, (place - 1) / {chunk}, array_agg(id ORDER BY place)
    FROM (SELECT id, row_number() OVER () AS place FROM ({rows}) AS asked (id)) AS placed
    GROUP BY 3
"""


@transaction.atomic
def start_job(
    *,
    kind: str,
    list_name: str,
    query: str,
    given: Mapping[str, Any],
    key: str,
    by: User,
    at: datetime,
) -> BulkJob:
    """Have a worker do something to all rows of a list that somebody may see and change.

    :param query: the query string of the list's page.
    :param given: what was filled in, as JSON holds it.
    :param key: names the form that was sent: sent twice, it is one job.
    :raises NotAllowed: they may not, or belong to no tenant.
    :raises InvalidInput: the list does not know what is asked of it.
    """
    require_right(get_kind(kind), by)
    open_list(list_name, user=by, query=query)
    asked = {"kind": kind, "list_name": list_name, "query": query, "given": dict(given)}
    job: BulkJob
    job, is_new = BulkJob.objects.get_or_create(
        created_by_id=by.pk, key=key[:64], defaults={**asked, "created_at": at}
    )
    if is_new:
        wake("bulk_jobs.run", tenant_id=job.tenant_id, job_id=job.pk)
    return job


def require_right(kind: Kind, user: User) -> None:
    """Refuse who may not do this.

    :raises NotAllowed: they may not, are not active any more, or belong to no tenant.
    """
    if user.tenant_id is None:
        raise NotAllowed(_("This is for people of the tenant."))
    if not user.has_perm(kind.permission):
        raise NotAllowed(_("You may not do this (any more)."))


@transaction.atomic
def cancel_job(*, job_id: int, by: User, at: datetime) -> BulkJob:
    """Stop a job after the rows that are being worked on. What is done stays done.

    :raises NotFound: there is no such job of theirs.
    """
    own = BulkJob.objects.filter(created_by_id=by.pk).select_for_update()
    job: BulkJob | None = own.filter(pk=job_id).first()
    if job is None:
        raise NotFound(_("There is no such job."))
    if job.is_pending:
        _end(job, Status.CANCELLED, at=at)
    return job


def run_changes(*, job_id: int, at: datetime) -> BulkJob:
    """Do a job that changes rows, chunk by chunk, from where it was left. Safe to run twice: two
    workers take turns, as each locks the job for a chunk."""
    job = begin(job_id, at=at)
    while job.status == Status.RUNNING:
        job = advance(job_id, at=timezone.now())
    return job


@transaction.atomic
def begin(job_id: int, *, at: datetime) -> BulkJob:
    """Write down which rows a job is about, the first time; nothing is done to them yet."""
    job = lock_job(job_id)
    if not job.is_pending:
        return job
    job.starts += 1
    try:
        if job.starts > MOST_STARTS:
            raise InvalidInput(_("It was broken off again and again."))
        with as_doer(job) as user:
            require_right(get_kind(job.kind), user)
            if job.status == Status.WAITING:
                job.total = _freeze(job, user)
                job.status = Status.RUNNING
    except DomainError as refusal:
        return fail(job, refusal.message, at=at)
    job.save()
    return job


def advance(job_id: int, *, at: datetime) -> BulkJob:
    """Do one chunk, in one transaction with the note that it is done."""
    try:
        return in_transaction(lambda: _advance(job_id, at))
    except DomainError as refusal:
        with transaction.atomic():
            return fail(lock_job(job_id), refusal.message, at=at)


def _advance(job_id: int, at: datetime) -> BulkJob:
    job = lock_job(job_id)
    if job.status != Status.RUNNING:
        return job
    chunk = job.chunks.filter(number=job.next_chunk).first()
    if chunk is None:
        return _end(job, Status.DONE, at=at)
    kind = get_kind(job.kind)
    name_actor(job.created_by_id)
    with as_doer(job) as user:
        require_right(kind, user)
        if kind.do is not None:
            outcome = kind.do(chunk.ids, job.given, user, job.created_at)
            job.changed += outcome.changed
            job.refused = dict(Counter(job.refused) + outcome.refused)
    job.done += len(chunk.ids)
    job.next_chunk += 1
    job.save()
    return job


def lock_job(job_id: int) -> BulkJob:
    """Return a job, locked until the transaction ends."""
    job: BulkJob = BulkJob.objects.select_for_update(of=("self",)).get(pk=job_id)
    return job


@contextmanager
def as_doer(job: BulkJob) -> Iterator[User]:
    """Be who asked for a job, as they are now: in their language and time zone.

    :raises NotAllowed: they, or their tenant, are not active any more.
    """
    user = User.objects.select_related("tenant").get(pk=job.created_by_id)
    with as_person(user):
        yield user


@contextmanager
def as_person(user: User) -> Iterator[None]:
    """Speak the language of a user and live in their time zone.

    :raises NotAllowed: they, or their tenant, are not active any more.
    """
    tenant: Any = user.tenant
    with ExitStack() as stack:
        stack.enter_context(translation.override(tenant.language))
        stack.enter_context(timezone.override(tenant.zone))
        if not (user.is_active and tenant.is_active):
            raise NotAllowed(_("Whoever asked for this may not sign in any more."))
        yield


def finish(job: BulkJob, *, at: datetime) -> BulkJob:
    """Note that a locked job is done, and tell its user."""
    return _end(job, Status.DONE, at=at)


def fail(job: BulkJob, message: str, *, at: datetime) -> BulkJob:
    """Note why a locked job ends, and tell its user; one that has ended stays as it is."""
    return _end(job, Status.FAILED, at=at, message=message) if job.is_pending else job


def _end(job: BulkJob, status: str, *, at: datetime, message: str = "") -> BulkJob:
    job.status, job.finished_at, job.message = status, at, message[:500]
    job.save()
    job.chunks.all().delete()
    _tell_others(job)
    if status != Status.CANCELLED:
        notify_users([_notice(job)])
    return job


def _tell_others(job: BulkJob) -> None:
    try:
        tell = get_kind(job.kind).tell
    except NotFound:  # nobody can do it any more
        return
    if tell is not None:
        tell(job)


def _notice(job: BulkJob) -> Notice:
    title = gettext_lazy("It is done: {what}")
    if job.status == Status.FAILED:
        title = gettext_lazy("It was not finished: {what}")
    return Notice(
        user_id=job.created_by_id,
        type="bulk_job",
        key=f"bulk_job:{job.pk}",
        title=format_lazy(title, what=label_of(job)),
        body=job.message or format_lazy(gettext_lazy("{done} of {total} rows"), **_counts(job)),
        url=f"/admin/accounts/bulkjob/{job.pk}/change/",
    )


def _counts(job: BulkJob) -> dict[str, int]:
    return {"done": job.done, "total": job.total}


def label_of(job: BulkJob) -> Any:
    """What a job does, in words."""
    try:
        return get_kind(job.kind).label
    except NotFound:  # nobody can do it any more
        return job.kind


def _freeze(job: BulkJob, user: User) -> int:
    found = open_list(job.list_name, user=user, query=job.query)
    sql, params = found.queryset.values_list("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(FREEZE.format(rows=sql, chunk=CHUNK), [job.tenant_id, job.pk, *params])
    chunks = BulkChunk.objects.filter(job=job)
    last = chunks.aggregate(Max("number"))["number__max"]
    if last is None:
        return 0
    return int(last) * CHUNK + len(chunks.get(number=last).ids)
