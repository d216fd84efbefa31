"""The lists that a card's drop-downs offer. Each tenant edits its own; locales are everybody's."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import tenant_key
from core.models import TenantModel
from core.tallies import NAMES, tallied_by_row, tallied_for_all


class CatalogEntry(TenantModel):
    """One choice of a list."""

    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(TenantModel.Meta):
        abstract = True
        triggers = [*TenantModel.Meta.triggers, tallied_by_row(NAMES)]

    def __str__(self) -> str:
        return self.name


def catalog_constraints(table: str) -> list[models.BaseConstraint]:
    """A name stands once in a tenant's list, whatever its case."""
    return [
        tenant_key(table),
        models.UniqueConstraint(
            "tenant",
            Lower("name"),
            name=f"{table}_name_unique",
            violation_error_message=_("This name is in the list already."),
        ),
    ]


class EcommerceType(CatalogEntry):
    """The platform a shop sells on."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("e-commerce type")
        verbose_name_plural = _("e-commerce types")
        constraints = catalog_constraints("prospects_ecommercetype")


class WeightRange(CatalogEntry):
    """How heavy the typical parcel is."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("weight range")
        verbose_name_plural = _("weight ranges")
        constraints = catalog_constraints("prospects_weightrange")


class Content(CatalogEntry):
    """What is in the parcels; the name is a translation tag (packageContent.electronics)."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("content")
        verbose_name_plural = _("contents")
        constraints = catalog_constraints("prospects_content")


class PlanType(CatalogEntry):
    """The plan that is offered."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("plan type")
        verbose_name_plural = _("plan types")
        constraints = catalog_constraints("prospects_plantype")


class PartnerType(CatalogEntry):
    """What kind of partner it is."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("partner type")
        verbose_name_plural = _("partner types")
        constraints = catalog_constraints("prospects_partnertype")


class PartnerOrigin(CatalogEntry):
    """How a partner came to us."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("partner origin")
        verbose_name_plural = _("partner origins")
        constraints = catalog_constraints("prospects_partnerorigin")


class LeadStatus(CatalogEntry):
    """How far the first contact got."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("lead status")
        verbose_name_plural = _("lead statuses")
        constraints = catalog_constraints("prospects_leadstatus")


class AcquisitionCampaign(CatalogEntry):
    """The campaign that brought a prospect in (not an email campaign)."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = catalog_constraints("prospects_acquisitioncampaign")


class Service(CatalogEntry):
    """Something we sell that a prospect is interested in."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = catalog_constraints("prospects_service")


class OnboardingStatus(CatalogEntry):
    """How far a client's onboarding is."""

    class Meta(CatalogEntry.Meta):
        verbose_name = _("onboarding status")
        verbose_name_plural = _("onboarding statuses")
        constraints = catalog_constraints("prospects_onboardingstatus")


class Locale(models.Model):
    """A country we work in. Shared by all tenants."""

    name = models.CharField(_("name"), max_length=60)
    country_code = models.CharField(_("country"), max_length=2, unique=True)
    phone_code = models.CharField(_("phone code"), max_length=4)
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(
        _("rate"), max_digits=14, decimal_places=6, help_text=_("Units of the currency for one USD")
    )

    class Meta:
        verbose_name = _("locale")
        verbose_name_plural = _("locales")
        triggers = [tallied_for_all(NAMES)]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate__gt=0), name="prospects_locale_rate_is_positive"
            )
        ]

    def __str__(self) -> str:
        return self.name
