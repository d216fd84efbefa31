"""Work that waits longer than it should, and work that nobody will do any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from accounts.models import Tenant
from accounts.webhooks.models import WebhookEndpoint
from analytics.leads.models import SyncLog
from core.mails import MailRow
from core.outbox import OutboxRow
from core.tasks import overdue_work
from core.tenancy import tenant_scope
from crm_project.doctor.examining import Finding, examination
from sales.forms.models import WebForm

LATE = timedelta(minutes=10)  # for what the sweep of each minute wakes
LATELY = timedelta(days=7)
FAILING = timedelta(hours=1)
MOST = 100  # pieces of one kind that one tenant may have waiting at a time
SYNCS = 3  # so many may be missed
WORKER = "see that a worker and beat run: celery -A crm_project worker; celery -A crm_project beat"
BY_HAND = "look at them in the back office ({name}) and send those again that still matter"


def _outboxes() -> list[type[OutboxRow]]:
    return [model for model in apps.get_models() if issubclass(model, OutboxRow)]


@examination("messages leave in time")
def outbox() -> Iterator[Finding]:
    """Mails, webhooks and leads that should have been tried a while ago."""
    late = timezone.now() - LATE
    for model in _outboxes():
        due = model._default_manager.filter(status=OutboxRow.Status.PENDING, due_at__lt=late)
        for row in due.values("tenant__slug").annotate(n=Count("pk"), oldest=Min("due_at")):
            what = f"{row['n']:,} {model._meta.verbose_name_plural} due since {row['oldest']:%c}"
            yield Finding(row["tenant__slug"], what, WORKER)


@examination("no message is given up or unclear")
def dead_letters() -> Iterator[Finding]:
    """What failed for good in the last days, and mails of which nobody knows whether they left."""
    lost = {OutboxRow.Status.FAILED.value, MailRow.Status.UNCLEAR.value}
    for model in _outboxes():
        recent = model._default_manager.filter(updated_at__gt=timezone.now() - LATELY)
        found = recent.filter(status__in=lost).values("tenant__slug", "status")
        for row in found.annotate(n=Count("pk")).order_by("tenant__slug", "status"):
            name = model._meta.verbose_name_plural
            what = f"{row['n']:,} {name} {row['status']} in the last {LATELY.days} days"
            yield Finding(row["tenant__slug"], what, BY_HAND.format(name=name))


@examination("webhooks are answered")
def webhooks() -> Iterator[Finding]:
    """Addresses of tenants' own systems that have refused everything for a while."""
    failing = WebhookEndpoint.objects.filter(
        is_active=True, failing_since__lt=timezone.now() - FAILING
    )
    for each in failing.select_related("tenant"):
        what = f"{each.url} has failed since {each.failing_since:%c}"
        yield Finding(each.tenant.slug, what, "tell its owner, or make it inactive (Webhooks)")


@examination("pending work is woken")
def pending() -> Iterator[Finding]:
    """Imports, bulk changes and rounds that should be under way and are not."""
    slugs = dict(Tenant.objects.values_list("pk", "slug"))
    for name, rows in overdue_work():
        for tenant_id, number in Counter(row.get("tenant_id") for row in rows).items():
            if number > MOST:
                where = slugs.get(tenant_id, "") if tenant_id else ""
                yield Finding(where, f"{number:,} × {name} wait", WORKER)


@examination("analytics is up to date")
def syncs() -> Iterator[Finding]:
    """Tenants whose leads were last brought up to date too long ago."""
    most = timedelta(minutes=settings.CRM_ANALYTICS_SYNC_MINUTES) * SYNCS
    oldest = timezone.now() - most
    for tenant in Tenant.objects.filter(is_active=True, created_at__lt=oldest).order_by("pk"):
        with tenant_scope(tenant.pk):
            latest = SyncLog.objects.latest_finished()
        if latest is None or latest.watermark < oldest:
            since = f"since {latest.watermark:%c}" if latest else "ever"
            repair = f"python manage.py sync_analytics --tenant {tenant.slug}"
            yield Finding(tenant.slug, f"no sync was finished {since}", repair)


@examination("somebody answers each form")
def turns() -> Iterator[Finding]:
    """Active forms all of whose people have left, or some."""
    gone = Count("members", filter=Q(members__user__is_active=False))
    forms = WebForm.objects.filter(is_active=True).annotate(everybody=Count("members"), gone=gone)
    for form in forms.filter(gone__gt=0).select_related("tenant").order_by("tenant_id", "pk"):
        what = f"form {form.pk} ({form.name}): {form.gone} of {form.everybody} people are inactive"
        yield Finding(form.tenant.slug, what, "choose others in the back office (Web forms)")
