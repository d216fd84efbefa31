from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, TenantOneToOneField
from core.models import TenantEvent, TenantModel
from sales.documents.models import LIVE, MoneyDocument, day_index, money


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="ContractEvent",
)
class Contract(MoneyDocument):  # type: ignore[django-manager-missing]
    """What was agreed with a customer: worth how much, from when until when, signed by whom."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")

    KIND: ClassVar[str] = "CTR"
    LAPSING_STATE, LAPSED_STATE = Status.SIGNED, Status.EXPIRED
    LAST_DAY: ClassVar[str] = "end_date"

    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    quote = TenantForeignKey(
        "sales.Quote",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="contracts",
        db_index=False,
        verbose_name=_("quote"),
    )
    type = models.CharField(_("type"), max_length=50, blank=True)
    value = money(_("value"))
    start_date = models.DateField(_("start"), null=True, blank=True)
    end_date = models.DateField(_("end"), null=True, blank=True)

    class Meta(MoneyDocument.Meta):
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            *MoneyDocument.Meta.constraints,
            models.CheckConstraint(condition=Q(value__gte=0), name="sales_contract_value_positive"),
            models.CheckConstraint(
                condition=Q(start_date__isnull=True)
                | Q(end_date__isnull=True)
                | Q(end_date__gte=F("start_date")),
                name="sales_contract_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["quote"],
                condition=LIVE & ~Q(status="cancelled"),
                name="sales_contract_of_quote_once",
            ),
        ]
        indexes = [
            *MoneyDocument.Meta.indexes,
            day_index("contract", "start_date"),
            day_index("contract", "end_date"),
        ]


class Signature(TenantModel):
    """Who signed a contract, from where, and the very bytes that were signed.

    `content_pdf` is the contract as it was before the signer, whose hash `signed_pdf` shows beside
    the signature; `sha256` is that of `signed_pdf`, the one which everybody is given from then on.
    """

    contract = TenantOneToOneField(
        Contract, on_delete=models.CASCADE, related_name="signature", editable=False
    )
    client_name = models.CharField(_("signer"), max_length=255)
    company_name = models.CharField(_("company"), max_length=255, blank=True)
    signed_at = models.DateTimeField(_("signed"))
    ip_address = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=500, blank=True)
    recorded_by = colleague(_("recorded by"))
    content_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField("SHA-256", max_length=64)
    content_pdf = models.BinaryField()
    signed_pdf = models.BinaryField()

    class Meta(TenantModel.Meta):
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self) -> str:
        return self.client_name
