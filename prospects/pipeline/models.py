from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey, proved_tenant, tenant_key
from core.models import SoftDeletedModel, StampUpdatedAt, TenantEvent, TenantModel
from core.tallies import CARDS, NAMES, tallied, tallied_by_row
from prospects.counts.triggers import COUNTING
from prospects.pipeline.keys import LONGEST_KEY, EmailDomain, person_key
from prospects.pipeline.querysets import AllProspectsManager, CategoryManager, ProspectManager

RESERVED_NAMES = ("won", "in_recharge")  # virtual stages of analytics
LIVE = Q(deleted_at__isnull=True)


class FollowUpCategory(TenantModel):  # type: ignore[django-manager-missing]
    """A column of the board: how far a prospect is."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        DISQUALIFIED = "disqualified", _("Disqualified")

    name = models.SlugField(_("name"), max_length=60)
    label = models.CharField(_("label"), max_length=80)
    color = models.CharField(_("colour"), max_length=20, default="#6B7280")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.OPEN)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects: ClassVar[Any] = CategoryManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("follow-up category")
        verbose_name_plural = _("follow-up categories")
        triggers = [*TenantModel.Meta.triggers, tallied_by_row(NAMES)]
        constraints = [
            tenant_key("prospects_followupcategory"),
            models.UniqueConstraint(
                "tenant",
                Lower("name"),
                name="prospects_followupcategory_name_unique",
                violation_error_message=_("Another category has this name."),
            ),
            models.CheckConstraint(
                condition=~Q(name__in=RESERVED_NAMES),
                name="prospects_followupcategory_name_not_reserved",
                violation_error_message=_("This name is reserved for analytics."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.name


class AccountType(models.TextChoices):
    """How big a prospect's business is."""

    INDIVIDUAL = "individual", _("Individual")
    STARTUP = "startup", _("Startup")
    SME = "sme", _("SME")
    ENTERPRISE = "enterprise", _("Enterprise")
    CORPORATE = "corporate", _("Corporate")


def _choice_from(catalog: str, verbose_name: Any) -> TenantForeignKey:
    return TenantForeignKey(
        f"prospects.{catalog}",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=verbose_name,
    )


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=[
        *("search_text", "company_key", "updated_at"),
        *("first_contact_at", "last_contact_at", "next_contact_at"),
    ],
    base_model=TenantEvent,
    model_name="ProspectEvent",
)
class Prospect(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """A card in the pipeline: a would-be client, a client or a partner, with its follow-up data.

    Name, email and phone are those of its primary contact, kept by prospects.contacts.services.
    """

    class Type(models.IntegerChoices):
        PROSPECT = 1, _("Prospect")
        CLIENT = 2, _("Client")
        PARTNER = 3, _("Partner")

    tenant = proved_tenant()  # by the category
    type = models.PositiveSmallIntegerField(_("type"), choices=Type.choices, default=Type.PROSPECT)
    company_name = models.CharField(_("company"), max_length=255, blank=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    email = models.CharField(_("email"), max_length=254, blank=True)
    phone_code = models.CharField(_("phone code"), max_length=4, blank=True)
    phone = models.CharField(_("phone"), max_length=15, blank=True)
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    owner = TenantForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="prospects",
        db_index=False,
        verbose_name=_("owner"),
    )
    category = TenantForeignKey(
        "prospects.FollowUpCategory",
        on_delete=models.PROTECT,
        related_name="prospects",
        db_index=False,
        verbose_name=_("follow-up category"),
    )
    category_changed_at = models.DateTimeField(_("category since"), editable=False)
    locale = models.ForeignKey(
        "prospects.Locale",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("locale"),
    )
    channel = models.CharField(_("channel"), max_length=60, blank=True)
    account_type = models.CharField(
        _("account type"), max_length=12, choices=AccountType.choices, blank=True
    )
    account_value = models.DecimalField(
        _("account value"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    monthly_shipments = models.PositiveIntegerField(_("monthly shipments"), null=True, blank=True)
    estimated_close_date = models.DateField(_("estimated close"), null=True, blank=True)
    commercial_offer_date = models.DateField(_("commercial offer"), null=True, blank=True)
    annotations = models.TextField(_("annotations"), max_length=10_000, blank=True)
    ecommerce_type = _choice_from("EcommerceType", _("e-commerce type"))
    weight_range = _choice_from("WeightRange", _("weight range"))
    content = _choice_from("Content", _("content"))
    plan_type = _choice_from("PlanType", _("plan type"))
    lead_status = _choice_from("LeadStatus", _("lead status"))
    campaign = _choice_from("AcquisitionCampaign", _("campaign"))
    onboarding_status = _choice_from("OnboardingStatus", _("onboarding status"))
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    merged_into = TenantForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    # Kept by prospects.followups.services from the notes.
    first_contact_at = models.DateTimeField(_("first contact"), null=True, editable=False)
    last_contact_at = models.DateTimeField(_("last contact"), null=True, editable=False)
    next_contact_at = models.DateTimeField(_("next contact"), null=True, editable=False)
    # Kept by prospects.contacts.services: what `search` looks in.
    search_text = models.TextField(editable=False)
    # The company's name as possible duplicates share it (prospects.pipeline.keys).
    company_key = models.CharField(
        max_length=LONGEST_KEY, default="", db_default="", editable=False
    )

    objects: ClassVar[Any] = ProspectManager()
    all_objects: ClassVar[Any] = AllProspectsManager()

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        triggers = [*SoftDeletedModel.Meta.triggers, StampUpdatedAt(), *COUNTING, *tallied(CARDS)]
        constraints = [
            tenant_key("prospects_prospect"),
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=LIVE & Q(email__gt=""),
                name="prospects_prospect_email_unique",
                violation_error_message=_("Another prospect has this email."),
            ),
            models.UniqueConstraint(
                fields=["tenant", "phone", "phone_code"],
                condition=LIVE & Q(phone__gt=""),
                name="prospects_prospect_phone_unique",
                violation_error_message=_("Another prospect has this phone."),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                condition=LIVE & Q(external_id__gt=""),
                name="prospects_prospect_external_id_unique",
                violation_error_message=_("Another prospect has this external id."),
            ),
            models.CheckConstraint(
                condition=Q(type__in=(1, 2, 3)), name="prospects_prospect_type_known"
            ),
            models.CheckConstraint(
                condition=Q(account_value__isnull=True) | Q(account_value__gte=0),
                name="prospects_prospect_value_not_negative",
            ),
        ]
        # Each serves a daily filter or order, and holds what else a list's count asks for.
        indexes = [
            models.Index(
                F("tenant"),
                F("created_at").desc(),
                F("id").desc(),
                condition=LIVE,
                include=["type"],
                name="prospects_prospect_newest",
            ),
            models.Index(
                F("tenant"),
                F("category"),
                F("created_at").desc(),
                F("id").desc(),
                condition=LIVE,
                include=["type"],
                name="prospects_prospect_board",
            ),
            models.Index(
                F("tenant"),
                F("owner"),
                F("created_at").desc(),
                F("id").desc(),
                condition=LIVE,
                include=["type"],
                name="prospects_prospect_owner",
            ),
            models.Index(fields=["tenant", "updated_at"], name="prospects_prospect_changed"),
            models.Index(
                F("tenant"),
                F("next_contact_at"),
                condition=LIVE & Q(next_contact_at__isnull=False),
                include=["type", "created_at", "id"],
                name="prospects_prospect_next",
            ),
            models.Index(
                F("tenant"),
                F("estimated_close_date"),
                condition=LIVE & Q(estimated_close_date__isnull=False),
                include=["type", "created_at", "id"],
                name="prospects_prospect_close",
            ),
            # By these a card's possible duplicates are found (prospects.duplicates).
            models.Index(
                fields=["tenant", "company_key"],
                condition=LIVE & Q(company_key__gt=""),
                name="prospects_prospect_company_key",
            ),
            models.Index(
                F("tenant"),
                person_key("name"),
                condition=LIVE & Q(name__contains=" "),
                name="prospects_prospect_person_key",
            ),
            models.Index(
                F("tenant"),
                EmailDomain("email"),
                condition=LIVE & Q(email__gt=""),
                name="prospects_prospect_domain",
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="prospects_prospect_merged",
            ),
            GinIndex(
                name="prospects_prospect_search",
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=LIVE,
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=Q(deleted_at__isnull=False),
                name="prospects_prospect_deleted",
            ),
            models.Index(
                F("tenant"),
                F("deleted_at").desc(),
                F("id").desc(),
                condition=Q(deleted_at__isnull=False),
                name="prospects_prospect_gone",
            ),
        ]

    def __str__(self) -> str:
        return self.company_name or self.name or self.email or f"#{self.pk}"

    @property
    def e164(self) -> str:
        """The phone as `+525512345678`; empty without one."""
        return f"+{self.phone_code}{self.phone}" if self.phone else ""


class TeamAssignment(TenantModel):
    """Who plays which part for a prospect beside its owner: they see the card and may change it."""

    class Role(models.TextChoices):
        KAE = "kae", "KAE"
        KAE_LTL = "kae_ltl", "KAE LTL"
        CSR = "csr", "CSR"
        CSR_LTL = "csr_ltl", "CSR LTL"
        FULFILLMENT = "fulfillment", _("Fulfillment")
        WMS = "wms", "WMS"
        ECARTPAY = "ecartpay", "Ecartpay"
        PARAPAQUETES = "parapaquetes", "Parapaquetes"

    prospect = TenantForeignKey(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        related_name="assignments",
        db_index=False,
        verbose_name=_("prospect"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    user = TenantForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        related_name="assignments",
        db_index=False,
        verbose_name=_("user"),
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("team assignment")
        verbose_name_plural = _("team assignments")
        triggers = [*TenantModel.Meta.triggers, *tallied(CARDS)]
        constraints = [
            models.UniqueConstraint(
                fields=["prospect", "role"],
                name="prospects_teamassignment_role_unique",
                violation_error_message=_("This part is taken already."),
            )
        ]
        indexes = [
            models.Index(fields=["user", "role", "prospect"], name="prospects_teamassignment_user")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"


class ProspectService(TenantModel):
    """A service that a prospect is interested in."""

    prospect = TenantForeignKey(
        "prospects.Prospect", on_delete=models.CASCADE, related_name="interests", db_index=False
    )
    service = TenantForeignKey("prospects.Service", on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = _("service of interest")
        verbose_name_plural = _("services of interest")
        triggers = [*TenantModel.Meta.triggers, *tallied(CARDS)]
        constraints = [
            models.UniqueConstraint(
                fields=["prospect", "service"], name="prospects_prospectservice_unique"
            )
        ]

    def __str__(self) -> str:
        return str(self.service)
