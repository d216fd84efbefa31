from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.companies.querysets import AllCompaniesManager, CompanyManager
from core.fields import TenantOneToOneField, tenant_key
from core.models import SoftDeletedModel, StampUpdatedAt, TenantEvent
from core.tallies import CARDS, tallied
from prospects.pipeline.keys import WebHost

LIVE = Q(deleted_at__isnull=True)


class Tier(models.IntegerChoices):
    """How much a client ships, by the latest month."""

    STARTER = 0, "starter"
    BRONZE = 1, "bronze"
    SILVER = 2, "silver"
    GOLD = 3, "gold"
    PLATINUM = 4, "platinum"
    DIAMOND = 5, "diamond"


# Kept by the triggers of clients.operations.
KEPT = ("balance", "balance_currency", "tier", "first_recharge_at", "first_shipment_at")


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    # What the account's triggers keep: its recharges and shipments are its history.
    exclude=["updated_at", *KEPT],
    base_model=TenantEvent,
    model_name="CompanyEvent",
)
class Company(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """A client, one to one with its card: called as the card is, its people are the card's.

    Email and phone are the company's own and stand here alone. Balance, tier and the first
    recharge and shipment follow from what the logistics platform reports.
    """

    prospect = TenantOneToOneField(
        "prospects.Prospect",
        on_delete=models.PROTECT,
        related_name="company",
        verbose_name=_("card"),
    )
    domain = models.CharField(_("web domain"), max_length=255, blank=True)
    industry = models.CharField(_("industry"), max_length=120, blank=True)
    employee_range = models.CharField(_("employees"), max_length=30, blank=True)
    annual_revenue = models.DecimalField(
        _("annual revenue"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.CharField(_("email"), max_length=254, blank=True)
    # Not unique: branches share one, and XAXX010101000 is everybody's who gave none.
    tax_id = models.CharField(_("tax id (RFC)"), max_length=100, blank=True)
    balance = models.DecimalField(
        _("balance"), max_digits=20, decimal_places=2, default=0, editable=False
    )
    balance_currency = models.CharField(
        _("currency of the balance"),
        max_length=3,
        blank=True,
        db_default="",
        editable=False,
        help_text=_("That of the first recharge or shipment."),
    )
    tier = models.PositiveSmallIntegerField(
        _("tier"), choices=Tier.choices, null=True, blank=True, editable=False
    )
    first_recharge_at = models.DateTimeField(_("first recharge"), null=True, editable=False)
    first_shipment_at = models.DateTimeField(_("first shipment"), null=True, editable=False)

    objects: ClassVar[Any] = CompanyManager()
    all_objects: ClassVar[Any] = AllCompaniesManager()

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        triggers = [*SoftDeletedModel.Meta.triggers, StampUpdatedAt(), *tallied(CARDS)]
        constraints = [
            tenant_key("clients_company"),
            models.CheckConstraint(
                condition=Q(annual_revenue__isnull=True) | Q(annual_revenue__gte=0),
                name="clients_company_revenue_not_negative",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "tax_id"],
                condition=LIVE & Q(tax_id__gt=""),
                name="clients_company_tax_id",
            ),
            models.Index(
                F("tenant"),
                WebHost("domain"),
                condition=LIVE & Q(domain__gt=""),
                name="clients_company_host",
            ),
            models.Index(
                fields=["tenant", "industry"],
                condition=LIVE & Q(industry__gt=""),
                name="clients_company_industry",
            ),
            models.Index(fields=["tenant", "updated_at"], name="clients_company_changed"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the card is called: there is one name, and the board shows it too."""
        return str(self.prospect)
