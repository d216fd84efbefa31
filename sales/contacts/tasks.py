from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils import timezone

from accounts.tenants.rounds import for_each_tenant
from core.tasks import system_task
from sales.contacts.querysets import everybody, with_news
from sales.contacts.scoring import refresh_scores

# Longer than the schedule's interval: what a run has missed the next one finds.
NEWS = timedelta(minutes=5)


@system_task("contacts.refresh_scores")
def refresh_recent() -> int:
    """Score anew whoever was changed or met a moment ago. Returns how many scores changed."""
    since = timezone.now() - NEWS
    return _refresh(lambda: with_news(since))


@system_task("contacts.refresh_all_scores")
def refresh_all() -> int:
    """Score everybody anew: time has passed since somebody was in touch with them."""
    return _refresh(everybody)


def _refresh(find: Callable[[], Iterable[list[int]]]) -> int:
    return for_each_tenant(lambda: sum(refresh_scores(ids, at=timezone.now()) for ids in find()))
