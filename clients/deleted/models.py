from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from clients.companies.models import Company
from core.models import TenantManager


class DeletedCompanyManager(TenantManager):
    """Sees the deleted companies."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(deleted_at__isnull=False)


class DeletedCompany(Company):  # type: ignore[django-manager-missing]
    """A client that was deleted with its card, until somebody wants them back."""

    objects: ClassVar[Any] = DeletedCompanyManager()

    class Meta:
        proxy = True
        verbose_name = _("deleted company")
        verbose_name_plural = _("deleted companies")
