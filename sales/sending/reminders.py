"""Reminding customers of what they owe, as their tenant wants it: so many days before, or after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.tenants.models import Tenant
from core.tasks import wake
from core.tenancy import current_tenant
from sales.invoices.models import Invoice
from sales.mailing.models import DocumentMail
from sales.mailing.services import SEND_MAILS, short, unsent_mail

AT_ONCE = 500
MORNING = 9  # o'clock, where the tenant is: nobody is reminded of money at midnight
# Days for which a reminder is still made up for, after an outage; what is older stays unsaid, so
# that nobody who turns reminders on reminds of last year's invoices.
GRACE = 2


@transaction.atomic
def queue_reminders(*, at: datetime) -> int:
    """Write down today's reminders of the tenant acted for. Returns how many there are.

    Of each invoice that is owed the last one that is due, once; none on the day on which it was
    sent.
    """
    tenant = Tenant.objects.get(pk=current_tenant() or 0)
    distances = sorted([*tenant.remind_days_after, *(-days for days in tenant.remind_days_before)])
    now = at.astimezone(tenant.zone)
    if now.hour < MORNING or not distances:
        return 0
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    written = 0
    for distance, (first, last) in _windows(distances, now.date()):
        found = _unreminded(distance, first, last, sent_before=midnight)
        written += _write(found, distance, tenant, at=at)
    if written:
        wake(SEND_MAILS, tenant_id=tenant.pk)
    return written


def _windows(distances: Sequence[int], today: date) -> Iterable[tuple[int, tuple[date, date]]]:
    """Yield each distance from the due date with the due dates for which it is the last one."""
    for distance, following in zip(distances, [*distances[1:], None], strict=True):
        latest = distance + GRACE
        if following is not None:
            latest = min(latest, following - 1)
        if distance < 0:
            latest = min(latest, 0)  # afterwards it would be late
        yield distance, (today - timedelta(days=latest), today - timedelta(days=distance))


def _unreminded(
    distance: int, first: date, last: date, *, sent_before: datetime
) -> Sequence[Invoice]:
    said = DocumentMail.objects.filter(
        invoice=OuterRef("pk"),
        purpose=DocumentMail.Purpose.REMINDER,
        due_date=OuterRef("due_at"),
        days_from_due=distance,
    )
    owed = Invoice.objects.filter(status=Invoice.Status.SENT, due_at__range=(first, last))
    to_remind = owed.filter(
        ~Exists(said),
        sent_at__lt=sent_before,
        amount_paid__lt=F("total"),
        contact__deleted_at__isnull=True,
    ).exclude(contact__email="")
    return list(to_remind.select_related("contact").order_by("pk")[:AT_ONCE])


def _write(invoices: Sequence[Invoice], distance: int, tenant: Tenant, *, at: datetime) -> int:
    mails = [
        unsent_mail(
            invoice,
            tenant,
            purpose=DocumentMail.Purpose.REMINDER,
            due_date=invoice.due_at,
            days_from_due=distance,
            recipient=invoice.contact.email,
            subject=_subject(invoice, tenant),
            due_at=at,
        )
        for invoice in invoices
    ]
    DocumentMail.objects.bulk_create(mails, ignore_conflicts=True)
    return len(mails)


def _subject(invoice: Invoice, tenant: Tenant) -> str:
    with override(tenant.language):
        said = {"number": invoice.number_text, "tenant": tenant.name}
        return short(_("Reminder of invoice %(number)s (%(tenant)s)") % said)


def remind() -> int:
    """Write down every reminder of now for the tenant acted for; return how many."""
    total = 0
    while some := queue_reminders(at=timezone.now()):
        total += some
    return total
