from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantModel
from prospects.locations.querysets import LocationManager

TYPES = ("office", "warehouse", "branch", "headquarters", "distribution_center")


class Location(TenantModel):
    """A place of a prospect or client, with its link to a map."""

    class Type(models.TextChoices):
        OFFICE = "office", _("Office")
        WAREHOUSE = "warehouse", _("Warehouse")
        BRANCH = "branch", _("Branch")
        HEADQUARTERS = "headquarters", _("Headquarters")
        DISTRIBUTION_CENTER = "distribution_center", _("Distribution center")

    prospect = TenantForeignKey(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        related_name="locations",
        verbose_name=_("prospect"),
    )
    name = models.CharField(_("name"), max_length=50)
    link = models.CharField(_("link"), max_length=150)
    type = models.CharField(_("type"), max_length=20, choices=Type.choices)

    objects: ClassVar[Any] = LocationManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=TYPES),
                name="prospects_location_type_known",
            ),
            models.CheckConstraint(
                condition=Q(link__iregex=r"^https?://"), name="prospects_location_link_is_http"
            ),
        ]

    def __str__(self) -> str:
        return self.name
