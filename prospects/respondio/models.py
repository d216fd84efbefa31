from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantModel
from core.outbox import OutboxRow


class RespondioAccount(TenantModel):
    """A tenant's workspace at respond.io; without a row the server's own token counts, if any."""

    is_active = models.BooleanField(_("send new leads"), default=True)
    token = models.CharField(
        _("token"),
        max_length=500,
        blank=True,
        help_text=_("Settings › Integrations › Developer API. Empty: the one of this server."),
    )
    # The service counts requests per workspace: when it has enough, all leads wait.
    paused_until = models.DateTimeField(_("paused until"), null=True, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("respond.io account")
        verbose_name_plural = _("respond.io account")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"],
                name="prospects_respondioaccount_one",
                violation_error_message=_("The account is set up already: change that one."),
            )
        ]

    def __str__(self) -> str:
        return "respond.io"


class RespondioDelivery(OutboxRow):
    """A new lead on its way to respond.io: written with the card, sent by the worker."""

    prospect = TenantForeignKey(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        related_name="respondio_deliveries",
        db_index=False,
        verbose_name=_("prospect"),
    )

    class Meta(OutboxRow.Meta):
        verbose_name = _("lead for respond.io")
        verbose_name_plural = _("leads for respond.io")
        constraints = [
            models.UniqueConstraint(
                fields=["prospect"], name="prospects_respondiodelivery_prospect_unique"
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "due_at"],
                condition=models.Q(status="pending"),
                name="prospects_respondio_due",
            ),
            models.Index(
                fields=["tenant", "-created_at", "-id"], name="prospects_respondio_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prospect_id}: {self.get_status_display()}"
