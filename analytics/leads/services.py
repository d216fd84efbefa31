from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from analytics.leads.chunks import FIRST, Chunk, changed_since, everything, next_of_round
from analytics.leads.clock import Moment, look_at_clock
from analytics.leads.models import Lead, SyncLog
from analytics.leads.statements import FORGET_REMOVALS
from core.tenancy import current_tenant

_SYNC = 0x4C454144  # tells this lock from others that are named after a tenant
KEPT_FOR = timedelta(days=30)

OnProgress = Callable[[int], object]


class OutOfTime(Exception):
    """The caller's time is up; what is written so far stays, the next run begins where this did."""


def sync_leads(
    *,
    is_full: bool = False,
    deadline: float | None = None,
    on_progress: OnProgress = lambda cards: None,
) -> SyncLog | None:
    """Bring the leads of the tenant acted for up to date: what changed, and a piece of the round.

    Everything is looked at the first time, when asked for, and when the clock was put back. The
    watermark moves with a run that finishes; one that is killed changes nothing that the next one
    would not do again. Returns the run, `None` when another one is at work.

    :param deadline: of time.monotonic(); between two chunks after it the run is stopped.
    :param on_progress: is told after each chunk how many cards are done.
    """
    with _only_one() as is_mine:
        return _run(is_full, deadline, on_progress) if is_mine else None


@contextmanager
def _only_one() -> Iterator[bool]:
    """Hold the tenant's lock, if nobody else does; it is let go when the session dies, too."""
    lock = [_SYNC, current_tenant()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


def _run(is_full: bool, deadline: float | None, on_progress: OnProgress) -> SyncLog:
    began, moment = time.monotonic(), look_at_clock()
    SyncLog.objects.filter(status=SyncLog.Status.RUNNING).update(
        status=SyncLog.Status.FAILED, error="It died in the middle."
    )
    previous = SyncLog.objects.latest_finished()
    log = _start(previous, moment, is_full)
    try:
        _write_all(log, previous, deadline, on_progress)
        log.status = SyncLog.Status.FINISHED
    except OutOfTime:
        log.status = SyncLog.Status.STOPPED
    except Exception as error:
        log.status, log.error = SyncLog.Status.FAILED, f"{type(error).__name__}: {error}"[:2000]
        _tell_failure(log, began)
        raise
    _close(log, began)
    return log


def _start(previous: SyncLog | None, moment: Moment, is_full: bool) -> SyncLog:
    return SyncLog.objects.create(
        status=SyncLog.Status.RUNNING,
        is_full=is_full or previous is None or moment.is_before(previous),
        started_at=moment.now,
        watermark=moment.watermark(previous),
        cursor=previous.cursor if previous else FIRST,
    )


def _write_all(
    log: SyncLog, previous: SyncLog | None, deadline: float | None, on_progress: OnProgress
) -> None:
    """Write every chunk of the run and count what it did."""
    is_empty = not Lead.objects.exists()

    def write(chunk: Chunk) -> int:
        if deadline is not None and time.monotonic() > deadline:
            raise OutOfTime
        found, written, deleted = chunk.fill() if is_empty and log.is_full else chunk.write()
        log.written_count += written
        log.deleted_count += deleted
        return found

    if log.is_full or previous is None:
        for chunk in everything():
            log.dirty_count += write(chunk)
            on_progress(log.dirty_count)
        with connection.cursor() as cursor:  # the plans of what follows would be those of an
            cursor.execute("ANALYZE analytics_lead")  # empty table
        return
    for chunk in changed_since(previous.watermark):
        write(chunk)
        log.dirty_count += len(chunk.params["ids"])
        on_progress(log.dirty_count)
    piece = next_of_round(previous.cursor)
    for chunk in piece.chunks:
        log.rolling_count += write(chunk)
        on_progress(log.dirty_count + log.rolling_count)
    log.rolling_count, log.cursor = piece.count, piece.cursor
    with connection.cursor() as cursor:
        params = {"tenant": current_tenant(), "watermark": previous.watermark}
        cursor.execute(FORGET_REMOVALS, params)


def _close(log: SyncLog, began: float) -> None:
    took = timedelta(seconds=time.monotonic() - began)
    log.finished_at = log.started_at + took
    log.duration_ms = round(took / timedelta(milliseconds=1))
    log.save()


def _tell_failure(log: SyncLog, began: float) -> None:
    """Note it in the log if the database can be reached; else the next run does."""
    with suppress(DatabaseError):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        _close(log, began)


def forget_old_runs() -> int:
    """Delete runs of the tenant that nobody asks for any more. Returns how many."""
    latest = SyncLog.objects.latest_finished()
    old = SyncLog.objects.filter(started_at__lt=timezone.now() - KEPT_FOR)
    deleted, _ = old.exclude(pk=latest.pk if latest else None).delete()
    return deleted
