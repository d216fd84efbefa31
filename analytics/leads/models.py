from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from analytics.leads.querysets import SyncLogManager
from core.fields import tenant_key
from core.models import TenantModel

AnyField = TypeVar("AnyField", bound=models.Field)


def source(sql: str, field: AnyField) -> AnyField:
    """Say where a column of a lead comes from: SQL over `card` and `company` (which may be null).

    This is the one place of a column: the table, and the statements that insert, update and
    compare leads, follow from it.
    """
    field.source_sql = sql  # type: ignore[attr-defined]
    return field


class Lead(TenantModel):
    """A prospect or a client as analytics counts it: one row for each live card of type 1 or 2
    that is not disqualified.

    What many leads share (the kind of their category, rates, names) is not here: it is joined when
    read, so that changing it dirties no leads. No foreign keys either: a card may vanish while it
    is being read, and the next sync removes its lead.
    """

    class RecordType(models.IntegerChoices):
        PROSPECT = 1, "prospect"
        COMPANY = 2, "company"

    # In this order in the table: what is never null and of fixed width is read fastest.
    category_id = source("card.category_id", models.BigIntegerField())
    prospect_id = source("card.id", models.BigIntegerField())
    record_id = source("coalesce(company.id, card.id)", models.BigIntegerField())
    created_at = source("card.created_at", models.DateTimeField())  # of the card
    category_changed_at = source("card.category_changed_at", models.DateTimeField())
    record_type = source(
        "CASE WHEN company.id IS NULL THEN 1 ELSE 2 END",
        models.PositiveSmallIntegerField(choices=RecordType.choices),
    )
    has_recharge = source("company.first_recharge_at IS NOT NULL", models.BooleanField())
    monthly_shipments = source("card.monthly_shipments", models.IntegerField(null=True))
    owner_id = source("card.owner_id", models.BigIntegerField(null=True))
    locale_id = source("card.locale_id", models.BigIntegerField(null=True))
    content_id = source("card.content_id", models.BigIntegerField(null=True))
    first_shipment_at = source("company.first_shipment_at", models.DateTimeField(null=True))
    tier = source("company.tier", models.PositiveSmallIntegerField(null=True))
    account_value = source(
        "card.account_value", models.DecimalField(max_digits=14, decimal_places=2, null=True)
    )

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "record_type", "record_id"], name="analytics_lead_record_unique"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "prospect_id"], name="analytics_lead_card"),
            models.Index(fields=["tenant", "created_at", "prospect_id"], name="analytics_lead_age"),
            models.Index(fields=["tenant", "owner_id", "locale_id"], name="analytics_lead_owner"),
            # When a lead was won: by its first shipment, else since its category means so.
            models.Index(
                fields=["tenant", "first_shipment_at"],
                condition=Q(first_shipment_at__isnull=False),
                name="analytics_lead_shipped",
            ),
            models.Index(
                fields=["tenant", "category_id", "category_changed_at"],
                condition=Q(first_shipment_at__isnull=True),
                name="analytics_lead_moved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_record_type_display()} {self.record_id}"


class Removal(TenantModel):
    """A card that was deleted for good or lost its company: no row is left to tell by its
    `updated_at`. Written by triggers on cards and companies, for the next sync."""

    prospect_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "created_at"], name="analytics_removal_newest")]

    def __str__(self) -> str:
        return f"card {self.prospect_id}"


class SyncLog(TenantModel):  # type: ignore[django-manager-missing]
    """A run of the sync, and from where the next one goes on."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        STOPPED = "stopped", _("Stopped")  # out of time: goes on in the worker
        FAILED = "failed", _("Failed")

    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    is_full = models.BooleanField(_("everything"))
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    watermark = models.DateTimeField(
        _("watermark"), help_text=_("The next run looks at what changed after this.")
    )
    cursor = models.BigIntegerField(_("cursor"), help_text=_("The last card of the rolling round."))
    dirty_count = models.IntegerField(_("changed"), default=0)
    rolling_count = models.IntegerField(_("rolling"), default=0)
    written_count = models.IntegerField(_("written"), default=0)
    deleted_count = models.IntegerField(_("deleted"), default=0)
    duration_ms = models.IntegerField(_("duration (ms)"), null=True)
    error = models.TextField(_("error"), blank=True)

    objects: ClassVar[Any] = SyncLogManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("sync")
        verbose_name_plural = _("sync log")
        constraints = [tenant_key("analytics_synclog")]
        indexes = [models.Index(F("tenant"), F("id").desc(), name="analytics_synclog_newest")]

    def __str__(self) -> str:
        return f"#{self.pk}"
