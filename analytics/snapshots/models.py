from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.snapshots.querysets import SnapshotManager
from core.fields import TenantForeignKey
from core.models import TenantModel


class Snapshot(TenantModel):  # type: ignore[django-manager-missing]
    """The dashboard's answer for a period and some countries, kept until the next sync."""

    key = models.CharField(_("key"), max_length=32, help_text=_("MD5 of what it answers."))
    preset = models.CharField(_("preset"), max_length=10, blank=True)
    start_date = models.DateField(_("from"), null=True)
    end_date = models.DateField(_("to"), null=True)
    locale_ids = models.CharField(_("locales"), max_length=10_000, blank=True)
    payload = models.TextField(_("payload"))  # JSON as it is sent: nobody parses it again
    sync = TenantForeignKey(
        "analytics.SyncLog",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("sync"),
        help_text=_("It tells of the leads as this run left them."),
    )
    computed_at = models.DateTimeField(_("computed"))
    expires_at = models.DateTimeField(_("expires"))

    objects: ClassVar[Any] = SnapshotManager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="analytics_snapshot_key_unique")
        ]

    def __str__(self) -> str:
        period = f"{self.start_date} – {self.end_date}" if self.start_date else "…"
        return f"{self.preset or period} {self.locale_ids}".strip()
