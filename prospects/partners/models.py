from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey, TenantOneToOneField
from core.models import TenantEvent, TenantModel
from prospects.pipeline.keys import WebHost


def _choice_from(catalog: str, verbose_name: Any) -> TenantForeignKey:
    return TenantForeignKey(
        f"prospects.{catalog}",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=verbose_name,
    )


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="PartnerDataEvent",
)
class PartnerData(TenantModel):
    """What is known of a partner (a card of type 3) beside its card."""

    prospect = TenantOneToOneField(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        related_name="partner_data",
        verbose_name=_("prospect"),
    )
    url = models.CharField(_("web site"), max_length=255)
    partner_type = _choice_from("PartnerType", _("partner type"))
    partner_origin = _choice_from("PartnerOrigin", _("partner origin"))
    rating = models.PositiveSmallIntegerField(_("rating"))
    locale = models.ForeignKey(
        "prospects.Locale", on_delete=models.PROTECT, related_name="+", verbose_name=_("locale")
    )
    social_network = models.CharField(_("social network"), max_length=150, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("partner data")
        verbose_name_plural = _("partner data")
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__range=(1, 5)),
                name="prospects_partnerdata_rating_1_to_5",
                violation_error_message=_("A rating from 1 to 5."),
            ),
            models.CheckConstraint(
                condition=Q(url__iregex=r"^https?://"), name="prospects_partnerdata_url_is_http"
            ),
        ]
        indexes = [models.Index(F("tenant"), WebHost("url"), name="prospects_partnerdata_host")]

    def __str__(self) -> str:
        return self.url
