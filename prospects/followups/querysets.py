from __future__ import annotations

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


NoteManager = TenantManager.from_queryset(NoteQuerySet)
