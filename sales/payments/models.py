from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.models import SoftDeletedModel, TenantEvent
from sales.documents.models import LIVE, day_index, gone_index, money
from sales.payments.querysets import AllPaymentsManager, PaymentManager


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="PaymentEvent",
)
class Payment(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """Money that came in for an invoice, in its currency; some of it may have gone back."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Transfer")
        CARD = "card", _("Card")
        CASH = "cash", _("Cash")
        CHECK = "check", _("Check")

    class Status(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        REFUNDED = "refunded", _("Refunded")

    invoice = TenantForeignKey(
        "sales.Invoice",
        on_delete=models.PROTECT,
        related_name="payments",
        db_index=False,
        verbose_name=_("invoice"),
    )
    contact = TenantForeignKey(
        "prospects.Contact",
        on_delete=models.PROTECT,
        related_name="payments",
        db_index=False,
        verbose_name=_("contact"),
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=14,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(
        _("method"), max_length=8, choices=Method.choices, default=Method.TRANSFER
    )
    reference = models.CharField(_("reference"), max_length=255, blank=True)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.COMPLETED, editable=False
    )
    paid_at = models.DateTimeField(_("paid"))
    refunded_amount = money(_("refunded"))
    refunded_at = models.DateTimeField(_("refunded at"), null=True, blank=True, editable=False)
    refund_reason = models.CharField(
        _("reason of the refund"), max_length=500, blank=True, editable=False
    )
    created_by = colleague(_("created by"))

    objects: ClassVar[Any] = PaymentManager()
    all_objects: ClassVar[Any] = AllPaymentsManager()

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            tenant_key("sales_payment"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="sales_payment_positive"),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0, refunded_amount__lte=F("amount")),
                name="sales_payment_refund_in_range",
            ),
            models.CheckConstraint(
                condition=Q(status="completed", refunded_amount__lt=F("amount"))
                | Q(status="refunded", refunded_amount=F("amount")),
                name="sales_payment_refunded_when_all_went_back",
            ),
        ]
        indexes = [
            models.Index(F("tenant"), F("id").desc(), condition=LIVE, name="sales_payment_newest"),
            day_index("payment", "paid_at"),
            gone_index("payment"),
            *(
                models.Index(
                    F("tenant"),
                    F(column),
                    F("id").desc(),
                    condition=LIVE,
                    name=f"sales_payment_by_{column}",
                )
                for column in ("status", "method")
            ),
            models.Index(F("invoice"), F("id").desc(), name="sales_payment_invoice"),
            models.Index(F("contact"), F("id").desc(), name="sales_payment_contact"),
            models.Index(
                fields=["tenant", "updated_at", "id"], condition=LIVE, name="sales_payment_changed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"
