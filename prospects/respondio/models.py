from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantModel


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


class RespondioDelivery(TenantModel):
    """A new lead on its way to respond.io: written with the card, sent by the worker."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    prospect = TenantForeignKey(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        related_name="respondio_deliveries",
        db_index=False,
        verbose_name=_("prospect"),
    )
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, db_default=Status.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), db_default=0)
    # Also the end of the lease of whoever is sending it: a worker that dies lets go by itself.
    due_at = models.DateTimeField(_("next attempt"))
    answer_status = models.PositiveSmallIntegerField(_("answer"), null=True)
    answer = models.TextField(_("what it said"), blank=True, db_default="")
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta(TenantModel.Meta):
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
