from __future__ import annotations

from typing import Any

from django.db.models import Q

from core.models import TenantManager, TenantQuerySet


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

    def of_contact(self, contact: Any) -> NoteQuerySet:
        """The notes about a person: a card's own person has those that name nobody too."""
        about = Q(contact_id=contact.pk)
        if contact.is_primary:
            about |= Q(prospect_id=contact.prospect_id, contact__isnull=True)
        return self.filter(about)


NoteManager = TenantManager.from_queryset(NoteQuerySet)
