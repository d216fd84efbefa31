"""Background work.

The work itself is a pending row written in the transaction that asks for it; the task only wakes
somebody up. A beat sweep wakes again whatever is still pending, so a broker that is down loses
nothing and fails no request. Tasks take ids as keywords and are safe to run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from celery import current_app, shared_task
from django.db import transaction
from django.utils import timezone

from core.audit import acting
from core.idempotency import KEPT
from core.models import AnsweredRequest
from core.tallies import fold_tallies
from core.tenancy import across_tenants, no_tenant, tenant_scope

log = logging.getLogger(__name__)

FindPending = Callable[[], Iterable[dict[str, Any]]]
_pending: dict[str, FindPending] = {}


def tenant_task(name: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Declare a task that acts for the tenant it is given and leaves its name in the history."""

    def declare(function: Callable[..., Any]) -> Any:
        @wraps(function)
        def run(*, tenant_id: int, **kwargs: Any) -> Any:
            with tenant_scope(tenant_id), acting(door=f"task:{name}"):
                return function(**kwargs)

        return shared_task(name=name, **options)(run)

    return declare


def system_task(name: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Declare a task that starts as nobody and enters what it needs by name."""

    def declare(function: Callable[..., Any]) -> Any:
        @wraps(function)
        def run(**kwargs: Any) -> Any:
            with no_tenant(), acting(door=f"task:{name}"):
                return function(**kwargs)

        return shared_task(name=name, **options)(run)

    return declare


def wake(name: str, *, tenant_id: int, **ids: Any) -> None:
    """Wake a task by name once the current transaction has committed.

    A broker that does not answer is logged, not raised: the sweep comes by within a minute.

    :raises NotRegistered: there is no such task.
    """
    _wake(name, {"tenant_id": tenant_id, **ids})


def wake_system(name: str) -> None:
    """Wake a task that acts for no tenant in particular, as `wake` does."""
    _wake(name, {})


def _wake(name: str, kwargs: dict[str, Any]) -> None:
    task = current_app.tasks[name]
    transaction.on_commit(lambda: _send(task, kwargs), robust=True)


def _send(task: Any, kwargs: dict[str, Any]) -> None:
    try:
        task.apply_async(kwargs=kwargs, retry=False)
    except Exception:
        log.exception("the broker does not answer; %s waits for the sweep", task.name)


def pending_work(name: str) -> Callable[[FindPending], FindPending]:
    """Register how to find rows whose task `name` should have run by now.

    The function runs for everyone and yields the keyword arguments of each task to wake.
    """

    def register(find: FindPending) -> FindPending:
        _pending[name] = find
        return find

    return register


def overdue_work() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the name of each task and what it should have been woken for by now, of all tenants."""
    for name, find in _pending.items():
        try:
            with across_tenants():
                rows = list(find())
        except Exception:  # one that cannot be asked must not keep the others waiting
            log.exception("no telling what is pending for %s", name)
            continue
        yield name, rows


@system_task("core.sweep_pending")
def sweep_pending() -> int:
    """Wake again every piece of work that is still pending. Returns how many."""
    woken = 0
    for name, rows in overdue_work():
        for kwargs in rows:
            _send(current_app.tasks[name], kwargs)
            woken += 1
    return woken


@system_task("core.fold_tallies")
def fold_all_tallies() -> None:
    """Keep the tallies short, which are read with every poll."""
    fold_tallies()


@system_task("core.forget_answers")
def forget_answers() -> int:
    """Delete the answers that nobody may ask for again. Returns how many."""
    with across_tenants():
        return AnsweredRequest.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
