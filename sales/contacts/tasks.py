from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.utils import timezone

from accounts.tenants.models import Tenant
from core.tasks import system_task
from core.tenancy import across_tenants, tenant_scope
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
    with across_tenants():
        tenants = list(Tenant.objects.filter(is_active=True).values_list("pk", flat=True))
    changed = 0
    for tenant_id in tenants:
        with tenant_scope(tenant_id):
            changed += sum(refresh_scores(ids, at=timezone.now()) for ids in find())
    return changed
