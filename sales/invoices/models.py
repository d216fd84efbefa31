from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantEvent
from sales.documents.models import LIVE, Item, PricedDocument, day_index, money


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at", "overdue_told_for"],
    base_model=TenantEvent,
    model_name="InvoiceEvent",
)
class Invoice(PricedDocument):  # type: ignore[django-manager-missing]
    """What a customer owes us, and since its due date at the latest.

    `amount_paid` is what its payments come to, less what was refunded: sales.payments keeps it,
    under the invoice's lock.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        PAID = "paid", _("Paid")
        OVERDUE = "overdue", _("Overdue")
        CANCELLED = "cancelled", _("Cancelled")

    KIND: ClassVar[str] = "FAC"
    LAPSING_STATE, LAPSED_STATE = Status.SENT, Status.OVERDUE
    LAST_DAY: ClassVar[str] = "due_at"

    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    quote = TenantForeignKey(
        "sales.Quote",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="invoices",
        db_index=False,
        verbose_name=_("quote"),
    )
    issued_at = models.DateField(_("issued"))
    due_at = models.DateField(_("due"), null=True, blank=True)
    amount_paid = money(_("paid"))
    # The due date whose passing the owner was told of.
    overdue_told_for = models.DateField(null=True, blank=True, editable=False)

    class Meta(PricedDocument.Meta):
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            *PricedDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount_paid__gte=0, amount_paid__lte=F("total")),
                name="sales_invoice_never_overpaid",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("draft", "cancelled"), amount_paid=0)
                | Q(status="sent", amount_paid__lt=F("total"))
                | Q(status="paid", amount_paid=F("total")),
                name="sales_invoice_paid_when_nothing_is_due",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gte=F("issued_at")),
                name="sales_invoice_due_after_issued",
            ),
            models.UniqueConstraint(
                fields=["quote"],
                condition=LIVE & ~Q(status="cancelled"),
                name="sales_invoice_of_quote_once",
            ),
        ]
        indexes = [
            *PricedDocument.Meta.indexes,
            day_index("invoice", "issued_at"),
            day_index("invoice", "due_at"),
            models.Index(
                fields=["tenant", "due_at"],
                condition=Q(status="sent"),
                name="sales_invoice_open_by_due_date",
            ),
        ]

    @property
    def amount_still_due(self) -> Decimal:
        """What is left to be paid."""
        return self.total - self.amount_paid


class InvoiceItem(Item):
    """A line of an invoice."""

    document = TenantForeignKey(
        Invoice, on_delete=models.CASCADE, related_name="items", db_index=False
    )

    class Meta(Item.Meta):
        indexes = [models.Index(fields=["document", "position"], name="sales_invoiceitem_of")]
