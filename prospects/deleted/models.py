from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from core.models import TenantManager
from prospects.pipeline.models import Prospect
from prospects.pipeline.querysets import ProspectQuerySet


class DeletedProspectManager(TenantManager.from_queryset(ProspectQuerySet)):  # type: ignore[misc]
    """Sees the deleted cards that a person can bring back: not those merged into another."""

    def get_queryset(self) -> Any:
        gone = super().get_queryset().filter(deleted_at__isnull=False)
        return gone.filter(merged_into__isnull=True, company__isnull=True)


class DeletedProspect(Prospect):  # type: ignore[django-manager-missing]
    """A card that was deleted, until somebody wants it back. Clients come back as companies."""

    objects: ClassVar[Any] = DeletedProspectManager()

    class Meta:
        proxy = True
        verbose_name = _("deleted prospect")
        verbose_name_plural = _("deleted prospects")
