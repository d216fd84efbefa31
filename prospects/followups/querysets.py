from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q

from core.models import TenantManager, TenantQuerySet

# A follow-up that is still to be done, of which nobody was told when it is planned now.
TO_REMIND = Q(scheduled_at__isnull=False, done_at__isnull=True) & (
    Q(reminded_for__isnull=True) | ~Q(reminded_for=F("scheduled_at"))
)


class NoteQuerySet(TenantQuerySet):
    """Notes of the tenant acted for."""

    def latest_first(self) -> NoteQuerySet:
        """As a card's story is read."""
        return self.order_by("-created_at", "-pk")

    def unsettled(self, prospect_id: int) -> NoteQuerySet:
        """Planned follow-ups of a card that nobody has dealt with yet."""
        return self.filter(
            prospect_id=prospect_id, scheduled_at__isnull=False, done_at__isnull=True
        )

    def earliest_plan(self) -> datetime | None:
        """When the first of them is planned; None when nothing is."""
        return self.aggregate(earliest=Min("scheduled_at"))["earliest"]

    def planned(self, since: datetime, until: datetime) -> NoteQuerySet:
        """Follow-ups that are planned from one moment up to before another, done or not."""
        return self.filter(scheduled_at__gte=since, scheduled_at__lt=until)

    def to_remind(self, at: datetime) -> NoteQuerySet:
        """Follow-ups that have come due and of which nobody was told, the earliest first."""
        return self.filter(TO_REMIND, scheduled_at__lte=at).order_by("scheduled_at")

    def of_contact(self, contact: Any) -> NoteQuerySet:
        """The notes about a person: a card's own person has those that name nobody too."""
        about = Q(contact_id=contact.pk)
        if contact.is_primary:
            about |= Q(prospect_id=contact.prospect_id, contact__isnull=True)
        return self.filter(about)


NoteManager = TenantManager.from_queryset(NoteQuerySet)
