from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TenantOneToOneField, tenant_key
from core.models import SoftDeletedModel, TenantEvent


class Tier(models.IntegerChoices):
    """How much a client ships, by the latest month."""

    STARTER = 0, "starter"
    BRONZE = 1, "bronze"
    SILVER = 2, "silver"
    GOLD = 3, "gold"
    PLATINUM = 4, "platinum"
    DIAMOND = 5, "diamond"


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="CompanyEvent",
)
class Company(SoftDeletedModel):
    """A client, one to one with its card; its people are the contacts of the card."""

    prospect = TenantOneToOneField(
        "prospects.Prospect",
        on_delete=models.PROTECT,
        related_name="company",
        verbose_name=_("card"),
    )
    name = models.CharField(_("name"), max_length=255)
    balance = models.DecimalField(
        _("balance"), max_digits=14, decimal_places=2, default=0, editable=False
    )
    tier = models.PositiveSmallIntegerField(
        _("tier"), choices=Tier.choices, null=True, blank=True, editable=False
    )
    first_recharge_at = models.DateTimeField(_("first recharge"), null=True, editable=False)
    first_shipment_at = models.DateTimeField(_("first shipment"), null=True, editable=False)

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [tenant_key("clients_company")]

    def __str__(self) -> str:
        return self.name
