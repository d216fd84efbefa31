from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import chain, current_app
from django.conf import settings
from django.utils import timezone

from accounts.tenants.models import Tenant
from analytics.dashboard.asking import ask_as, ask_for_all
from analytics.dashboard.conditions import Asked
from analytics.dashboard.filters import Filters
from analytics.dashboard.payload import compute_json
from analytics.dashboard.rates import Rates
from analytics.leads.models import SyncLog
from analytics.leads.services import sync_leads
from analytics.snapshots.models import Snapshot
from analytics.snapshots.presets import presets
from core.rights import ALL_PROSPECTS
from core.tenancy import tenant_scope

log = logging.getLogger(__name__)

MOST_KEPT = 500  # of a tenant between two syncs
WEB_SECONDS = 20  # what takes longer goes on in the worker


@dataclass(frozen=True)
class Answer:
    """The dashboard as it is sent, and when it was computed."""

    payload: bytes
    computed_at: datetime


def snapshot_key(filters: Filters) -> str:
    """What an answer is kept under: MD5(startDate|endDate|localeIds)."""
    parts = (filters.start, filters.end, filters.locales)
    text = "|".join("" if part is None else str(part) for part in parts)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def is_kept_for(user: Any, filters: Filters) -> bool:
    """Whether such an answer is kept, and may be shown to this user."""
    return not filters.is_interactive and bool(user.has_perm(ALL_PROSPECTS))


def computed_at(user: Any, filters: Filters, *, at: datetime) -> datetime | None:
    """When the kept answer that a user is shown was computed; None where none is kept, or true."""
    if not is_kept_for(user, filters):
        return None
    return Snapshot.objects.find_moment(snapshot_key(filters), at)


def answer_for(user: Any, tenant: Tenant, filters: Filters, *, at: datetime) -> tuple[str, Answer]:
    """The dashboard of the tenant acted for, as a user may see it: kept where it can be.

    Returns where it comes from (`snapshot` or `live`) and the answer.
    """
    if not is_kept_for(user, filters):
        return "live", compute_answer(ask_as(user, tenant, filters), tenant, at=at)
    kept = find_answer(filters, at=at)
    if kept:
        return "snapshot", kept
    return "live", answer_and_keep(tenant, filters, at=at)


def find_answer(filters: Filters, *, at: datetime) -> Answer | None:
    """The kept answer for all leads of the tenant acted for, if it is still true."""
    snapshot = Snapshot.objects.find(snapshot_key(filters), at)
    return snapshot and Answer(snapshot.payload.encode(), snapshot.computed_at)


def compute_answer(asked: Asked, tenant: Tenant, *, at: datetime) -> Answer:
    """Ask the leads as they are now."""
    return Answer(compute_json(asked, at=at, rates=Rates.of_tenant(tenant.currency)), at)


def answer_and_keep(tenant: Tenant, filters: Filters, *, at: datetime, preset: str = "") -> Answer:
    """Compute the answer for all leads of the tenant acted for, and keep it until the next sync.

    The run is looked up first: if another one ends meanwhile, what is kept is out of date at once.
    """
    run = SyncLog.objects.latest_finished()
    answer = compute_answer(ask_for_all(tenant, filters), tenant, at=at)
    if run is not None and (preset or Snapshot.objects.count() < MOST_KEPT):
        _keep(answer, filters, run, preset, _expiry(tenant, at))
    return answer


def _keep(
    answer: Answer, filters: Filters, run: SyncLog, preset: str, expires_at: datetime
) -> None:
    snapshot = Snapshot(
        key=snapshot_key(filters),
        preset=preset,
        start_date=filters.start,
        end_date=filters.end,
        locale_ids="" if filters.locales is None else str(filters.locales),
        payload=answer.payload.decode(),
        sync=run,
        computed_at=answer.computed_at,
        expires_at=expires_at,
    )
    kept = ("preset", "payload", "sync", "computed_at", "expires_at")
    Snapshot.objects.bulk_create(
        [snapshot], update_conflicts=True, unique_fields=("tenant", "key"), update_fields=kept
    )


def _expiry(tenant: Tenant, at: datetime) -> datetime:
    """Some minutes from now, but not beyond the tenant's day: ages count in days."""
    local = at.astimezone(tenant.zone)
    tomorrow = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(at + timedelta(minutes=settings.CRM_ANALYTICS_SNAPSHOT_MINUTES), tomorrow)


def rebuild_snapshots(
    tenant: Tenant, *, at: datetime, on_progress: Callable[[int], object] = lambda done: None
) -> int:
    """Answer the presets for the leads as they are, and drop what is out of date.

    Returns how many snapshots were built.
    """
    Snapshot.objects.exclude(pk__in=Snapshot.objects.fresh(at).values("pk")).delete()
    wanted = {snapshot_key(filters): (name, filters) for name, filters in _presets(tenant, at)}
    for number, (name, filters) in enumerate(wanted.values(), start=1):
        answer_and_keep(tenant, filters, at=timezone.now(), preset=name)
        on_progress(number)
    return len(wanted)


def _presets(tenant: Tenant, at: datetime) -> Iterable[tuple[str, Filters]]:
    return presets(at.astimezone(tenant.zone).date())


def refresh_soon(tenant_id: int) -> None:
    """Wake the chain of a tenant: the sync, then the snapshots.

    A broker that does not answer is logged, not raised: beat comes by in some minutes.
    """
    steps = [current_app.tasks[name].si(tenant_id=tenant_id) for name in _CHAIN]
    try:
        chain(*steps).apply_async(retry=False, expires=settings.CRM_ANALYTICS_SYNC_MINUTES * 60)
    except Exception:
        log.exception("the broker does not answer; tenant %s waits for the next beat", tenant_id)


_CHAIN = ("leads.sync", "snapshots.rebuild")


def refresh_all(tenants: Iterable[Tenant]) -> list[Exception]:
    """Sync every tenant and rebuild its snapshots, here and now for a while, the rest in the
    worker. What fails for one does not keep the others waiting; the errors are returned.
    """
    deadline, errors = time.monotonic() + WEB_SECONDS, []
    for tenant in tenants:
        try:
            if time.monotonic() > deadline or not _refresh(tenant, deadline):
                refresh_soon(tenant.pk)
        except Exception as error:
            log.exception("the analytics of tenant %s could not be refreshed", tenant.pk)
            errors.append(error)
    return errors


def _refresh(tenant: Tenant, deadline: float) -> bool:
    """Returns whether it is done: here, or by somebody else who is at it."""
    with tenant_scope(tenant.pk):
        run = sync_leads(deadline=deadline)
        if run is None:
            return True
        if run.status != SyncLog.Status.FINISHED:
            return False
        rebuild_snapshots(tenant, at=timezone.now())
        return True
