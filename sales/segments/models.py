from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, proved_tenant, tenant_key
from core.models import TenantModel


class Segment(TenantModel):
    """A group of people whom one writes to together: who fulfils conditions, or who was put in."""

    class Type(models.TextChoices):
        STATIC = "static", _("Static")
        DYNAMIC = "dynamic", _("Dynamic")

    name = models.CharField(_("name"), max_length=255)
    type = models.CharField(_("type"), max_length=7, choices=Type.choices, default=Type.DYNAMIC)
    # As sales.conditions.reading returns them; none: everybody. Services alone write them.
    conditions = models.JSONField(_("conditions"), blank=True, default=list)
    created_by = colleague(_("created by"))

    class Meta(TenantModel.Meta):
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints: ClassVar[Any] = [
            tenant_key("sales_segment"),
            models.CheckConstraint(
                condition=Q(type="dynamic") | Q(type="static", conditions=[]),
                name="sales_segment_conditions_of_dynamic",
            ),
        ]
        indexes: ClassVar[Any] = [
            models.Index(fields=["tenant", "updated_at", "id"], name="sales_segment_changed")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_dynamic(self) -> bool:
        """Whether conditions say who is in it."""
        return self.type == self.Type.DYNAMIC


class SegmentMember(TenantModel):
    """A person who was put into a static segment."""

    tenant = proved_tenant()  # by the segment
    segment = TenantForeignKey(
        Segment, on_delete=models.CASCADE, related_name="memberships", db_index=False
    )
    contact = TenantForeignKey(
        "prospects.Contact",
        on_delete=models.CASCADE,
        related_name="segment_memberships",
        verbose_name=_("contact"),
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("member of a segment")
        verbose_name_plural = _("members of segments")
        constraints: ClassVar[Any] = [
            models.UniqueConstraint(fields=["segment", "contact"], name="sales_segmentmember_once")
        ]

    def __str__(self) -> str:
        return str(self.contact)
