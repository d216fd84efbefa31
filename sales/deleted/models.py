from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from core.models import TenantManager
from sales.contracts.models import Contract
from sales.deals.models import Deal
from sales.invoices.models import Invoice
from sales.payments.models import Payment
from sales.quotes.models import Quote


class DeletedManager(TenantManager):
    """Sees the deleted rows."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(deleted_at__isnull=False)


class DeletedDeal(Deal):  # type: ignore[django-manager-missing]
    """A deal that was deleted, until somebody wants it back."""

    objects: ClassVar[Any] = DeletedManager()

    class Meta:
        proxy = True
        verbose_name = _("deleted deal")
        verbose_name_plural = _("deleted deals")


class DeletedQuote(Quote):  # type: ignore[django-manager-missing]
    """A draft of a quote that was deleted; its number is kept for it."""

    objects: ClassVar[Any] = DeletedManager()

    class Meta:
        proxy = True
        verbose_name = _("deleted quote")
        verbose_name_plural = _("deleted quotes")


class DeletedInvoice(Invoice):  # type: ignore[django-manager-missing]
    """A draft of an invoice that was deleted; its number is kept for it."""

    objects: ClassVar[Any] = DeletedManager()

    class Meta:
        proxy = True
        verbose_name = _("deleted invoice")
        verbose_name_plural = _("deleted invoices")


class DeletedContract(Contract):  # type: ignore[django-manager-missing]
    """A draft of a contract that was deleted; its number is kept for it."""

    objects: ClassVar[Any] = DeletedManager()

    class Meta:
        proxy = True
        verbose_name = _("deleted contract")
        verbose_name_plural = _("deleted contracts")


class DeletedPayment(Payment):  # type: ignore[django-manager-missing]
    """A payment that was noted by mistake, or deleted by one."""

    objects: ClassVar[Any] = DeletedManager()

    class Meta:
        proxy = True
        verbose_name = _("deleted payment")
        verbose_name_plural = _("deleted payments")
