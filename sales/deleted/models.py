from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from core.models import TenantManager
from sales.deals.models import Deal


class DeletedDealManager(TenantManager):
    """Sees the deleted deals."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(deleted_at__isnull=False)


class DeletedDeal(Deal):  # type: ignore[django-manager-missing]
    """A deal that was deleted, until somebody wants it back."""

    objects: ClassVar[Any] = DeletedDealManager()

    class Meta:
        proxy = True
        verbose_name = _("deleted deal")
        verbose_name_plural = _("deleted deals")
