from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.models import SoftDeletedModel, TenantEvent, TenantModel
from core.tallies import DEALS, tallied
from sales.deals.querysets import AllDealsManager, DealManager

LIVE = Q(deleted_at__isnull=True)
CENT = Decimal("0.01")


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    exclude=["updated_at", "search_text", "rank"],
    base_model=TenantEvent,
    model_name="DealEvent",
)
class Deal(SoftDeletedModel):  # type: ignore[django-manager-missing]
    """Something that may be sold: how much, how likely, until when.

    That its stage is one of its pipeline is held by a key of three columns (migrations). `rank`
    orders the deals of a stage; services.py alone writes it, under the pipeline's lock.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    name = models.CharField(_("name"), max_length=255)
    amount = models.DecimalField(
        _("amount"),
        max_digits=14,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3)
    probability = models.PositiveSmallIntegerField(
        _("probability (%)"), validators=[MaxValueValidator(100)]
    )
    pipeline = TenantForeignKey(
        "sales.Pipeline",
        on_delete=models.PROTECT,
        related_name="deals",
        db_index=False,
        verbose_name=_("pipeline"),
    )
    stage = TenantForeignKey(
        "sales.Stage",
        on_delete=models.PROTECT,
        related_name="deals",
        db_index=False,
        verbose_name=_("stage"),
    )
    rank = models.FloatField(editable=False)
    status = models.CharField(
        _("status"), max_length=4, choices=Status.choices, default=Status.OPEN, editable=False
    )
    expected_close_date = models.DateField(_("expected close"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    lost_reason = models.CharField(_("reason of the loss"), max_length=500, blank=True)
    owner = colleague(_("owner"))
    created_by = colleague(_("created by"))
    search_text = models.TextField(editable=False)  # kept by services.py

    objects: ClassVar[Any] = DealManager()
    all_objects: ClassVar[Any] = AllDealsManager()

    class Meta(SoftDeletedModel.Meta):
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        triggers = [*SoftDeletedModel.Meta.triggers, *tallied(DEALS)]
        constraints = [
            tenant_key("sales_deal"),
            # Checked at the end of a statement, so that one statement can number a stage anew.
            models.UniqueConstraint(
                fields=["stage", "rank"],
                deferrable=Deferrable.IMMEDIATE,
                name="sales_deal_rank_unique",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="sales_deal_amount_positive"),
            models.CheckConstraint(
                condition=Q(probability__lte=100), name="sales_deal_probability_in_range"
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True)
                | Q(status__in=("won", "lost"), closed_at__isnull=False),
                name="sales_deal_closed_when_won_or_lost",
            ),
            models.CheckConstraint(
                condition=Q(lost_reason="") | Q(status="lost"), name="sales_deal_reason_of_a_loss"
            ),
        ]
        # Each serves a filter of the list; the second the sums of the board as well, from the
        # index alone.
        indexes = [
            models.Index(F("tenant"), F("id").desc(), condition=LIVE, name="sales_deal_newest"),
            models.Index(
                fields=["pipeline", "stage", "currency"],
                include=["amount", "probability"],
                condition=LIVE,
                name="sales_deal_sums",
            ),
            models.Index(F("pipeline"), F("id").desc(), condition=LIVE, name="sales_deal_pipeline"),
            models.Index(F("stage"), F("id").desc(), condition=LIVE, name="sales_deal_stage"),
            models.Index(F("owner"), F("id").desc(), condition=LIVE, name="sales_deal_owner"),
            models.Index(
                fields=["tenant", "expected_close_date"],
                condition=LIVE & Q(status="open", expected_close_date__isnull=False),
                name="sales_deal_closing",
            ),
            models.Index(fields=["created_by"], condition=LIVE, name="sales_deal_creator"),
            models.Index(
                F("tenant"), F("status"), F("id").desc(), condition=LIVE, name="sales_deal_status"
            ),
            models.Index(
                fields=["tenant", "updated_at", "id"], condition=LIVE, name="sales_deal_changed"
            ),
            models.Index(
                F("tenant"),
                F("deleted_at").desc(),
                F("id").desc(),
                condition=Q(deleted_at__isnull=False),
                name="sales_deal_gone",
            ),
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                condition=LIVE,
                name="sales_deal_search",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def weighted_amount(self) -> Decimal:
        """What is to be expected of it: its amount times its probability, half up."""
        return weighted(self.amount, self.probability)


def weighted(amount: Decimal, probability: int) -> Decimal:
    """Return an amount times a probability in percent, in cents, half up."""
    return (amount * probability / 100).quantize(CENT, ROUND_HALF_UP)


class DealContact(TenantModel):
    """A person who has to do with a deal."""

    deal = TenantForeignKey(Deal, on_delete=models.CASCADE, related_name="people", db_index=False)
    contact = TenantForeignKey(
        "prospects.Contact",
        on_delete=models.CASCADE,
        related_name="deals",
        verbose_name=_("contact"),
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("contact of a deal")
        verbose_name_plural = _("contacts of deals")
        triggers = [*TenantModel.Meta.triggers, *tallied(DEALS)]
        constraints = [
            models.UniqueConstraint(fields=["deal", "contact"], name="sales_dealcontact_once")
        ]

    def __str__(self) -> str:
        return str(self.contact)


class StageStay(TenantModel):
    """How long a deal stood in a stage; while it stands there `left_at` is open.

    What the stage was called stays when the stage is deleted.
    """

    deal = TenantForeignKey(Deal, on_delete=models.CASCADE, related_name="stays", db_index=False)
    stage = TenantForeignKey(
        "sales.Stage",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("stage"),
    )
    stage_name = models.CharField(_("stage"), max_length=120)
    entered_at = models.DateTimeField(_("entered"))
    left_at = models.DateTimeField(_("left"), null=True)
    moved_by = colleague(_("moved by"))

    class Meta(TenantModel.Meta):
        verbose_name = _("stay in a stage")
        verbose_name_plural = _("stays in stages")
        constraints = [
            models.UniqueConstraint(
                fields=["deal"], condition=Q(left_at__isnull=True), name="sales_stagestay_one_open"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at")),
                name="sales_stagestay_left_after_entered",
            ),
        ]
        indexes = [models.Index(fields=["deal", "entered_at"], name="sales_stagestay_of_deal")]

    def __str__(self) -> str:
        return self.stage_name
