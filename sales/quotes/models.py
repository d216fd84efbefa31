from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantEvent
from sales.documents.models import Item, PricedDocument, day_index


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="QuoteEvent",
)
class Quote(PricedDocument):  # type: ignore[django-manager-missing]
    """What we would do for how much, until when: the customer approves or rejects it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")

    KIND: ClassVar[str] = "COT"
    LAPSING_STATE, LAPSED_STATE = Status.SENT, Status.EXPIRED
    LAST_DAY: ClassVar[str] = "valid_until"

    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)
    reject_reason = models.TextField(_("reason"), max_length=1000, blank=True, editable=False)

    class Meta(PricedDocument.Meta):
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            *PricedDocument.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=("draft", "sent", "cancelled"), decided_at__isnull=True)
                | Q(status__in=("approved", "rejected"), decided_at__isnull=False),
                name="sales_quote_decided_when_approved_or_rejected",
            ),
        ]
        indexes = [
            *PricedDocument.Meta.indexes,
            day_index("quote", "created_at"),
            day_index("quote", "valid_until"),
        ]


class QuoteItem(Item):
    """A line of a quote."""

    document = TenantForeignKey(
        Quote, on_delete=models.CASCADE, related_name="items", db_index=False
    )

    class Meta(Item.Meta):
        indexes = [models.Index(fields=["document", "position"], name="sales_quoteitem_of")]
