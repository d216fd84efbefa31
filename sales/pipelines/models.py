from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey, tenant_key
from core.models import TenantModel
from core.tallies import NAMES, tallied_by_row
from sales.pipelines.querysets import PipelineManager, StageManager

COLOR = r"^#[0-9a-fA-F]{6}\Z"


class Pipeline(TenantModel):  # type: ignore[django-manager-missing]
    """A way of selling: the stages that a deal goes through until it is won or lost."""

    name = models.CharField(_("name"), max_length=120)
    is_default = models.BooleanField(_("default"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects: ClassVar[Any] = PipelineManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        triggers = [*TenantModel.Meta.triggers, tallied_by_row(NAMES)]
        constraints = [
            tenant_key("sales_pipeline"),
            models.UniqueConstraint(
                "tenant",
                Lower("name"),
                name="sales_pipeline_name_unique",
                violation_error_message=_("Another pipeline has this name."),
            ),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(is_default=True),
                name="sales_pipeline_one_default",
                violation_error_message=_("Another pipeline is the default."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(TenantModel):  # type: ignore[django-manager-missing]
    """A column of a pipeline's board; its kind says what becomes of a deal that enters it."""

    class Kind(models.TextChoices):
        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    pipeline = TenantForeignKey(
        Pipeline,
        on_delete=models.CASCADE,
        related_name="stages",
        db_index=False,
        verbose_name=_("pipeline"),
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices, default=Kind.OPEN)
    color = models.CharField(
        _("colour"),
        max_length=7,
        default="#6B7280",
        validators=[RegexValidator(COLOR, _("A colour such as #3B82F6."))],
    )
    default_probability = models.PositiveSmallIntegerField(
        _("probability (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    objects: ClassVar[Any] = StageManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        triggers = [*TenantModel.Meta.triggers, tallied_by_row(NAMES)]
        constraints = [
            tenant_key("sales_stage"),
            # What a deal's key to its stage and pipeline points at (sales.deals).
            models.UniqueConstraint(
                fields=["tenant", "pipeline", "id"], name="sales_stage_pipeline_key"
            ),
            models.UniqueConstraint(
                "pipeline",
                Lower("name"),
                name="sales_stage_name_unique",
                violation_error_message=_("Another stage of this pipeline has this name."),
            ),
            models.CheckConstraint(
                condition=Q(default_probability__lte=100), name="sales_stage_probability_in_range"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("open", "won", "lost")), name="sales_stage_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
