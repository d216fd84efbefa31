from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantModel
from prospects.pipeline.keys import WebHost


class Integration(TenantModel):
    """A shop or system of a client that sends its orders to us."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        CONNECTED = "connected", _("Connected")
        DISCONNECTED = "disconnected", _("Disconnected")
        ERROR = "error", _("Error")

    company = TenantForeignKey(
        "clients.Company",
        on_delete=models.CASCADE,
        related_name="integrations",
        db_index=False,
        verbose_name=_("company"),
    )
    platform = models.CharField(_("platform"), max_length=60)
    name = models.CharField(_("name"), max_length=120, blank=True)
    url = models.CharField(_("address (URL)"), max_length=255, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.PENDING
    )
    connected_at = models.DateTimeField(_("connected"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="connected") | Q(connected_at__isnull=False),
                name="clients_integration_connected_since",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "id"], name="clients_integration_of_company"),
            models.Index(
                F("tenant"),
                WebHost("url"),
                condition=Q(url__gt=""),
                name="clients_integration_host",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.platform
