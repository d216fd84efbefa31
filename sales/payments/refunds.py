from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey
from core.models import TenantModel
from sales.payments.models import Payment


class Refund(TenantModel):
    """Money of a payment that went back, in its currency; never changed.

    The payment itself says how much it is together, and when the last was.
    """

    payment = TenantForeignKey(
        Payment, on_delete=models.CASCADE, related_name="refunds", db_index=False, editable=False
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=14,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    refunded_at = models.DateTimeField(_("refunded at"))
    reason = models.CharField(_("reason of the refund"), max_length=500, blank=True)
    created_by = colleague(_("created by"))

    class Meta(TenantModel.Meta):
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints: ClassVar[Any] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="sales_refund_positive")
        ]
        indexes: ClassVar[Any] = [models.Index(fields=["payment"], name="sales_refund_payment")]

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.payment.currency}"
