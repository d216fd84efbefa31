from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantModel

LONGEST_REASON, LONGEST_BROWSER = 1000, 500


class ClientAct(TenantModel):
    """What somebody did by the link of a mailed document, and the evidence of it.

    `shown_pdf` is what they were shown, whose hash is `shown_sha256`. That of a contract is kept
    with its signature.
    """

    class Action(models.TextChoices):
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        SIGNED = "signed", _("Signed")

    mail = TenantForeignKey(
        "sales.DocumentMail",
        on_delete=models.CASCADE,
        related_name="acts",
        db_index=False,
        editable=False,
    )
    action = models.CharField(_("action"), max_length=8, choices=Action.choices)
    done_at = models.DateTimeField(_("time"))
    name = models.CharField(_("name"), max_length=255, blank=True)
    reason = models.TextField(_("reason"), max_length=LONGEST_REASON, blank=True)
    ip_address = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=LONGEST_BROWSER, blank=True)
    shown_sha256 = models.CharField("SHA-256", max_length=64)
    shown_pdf = models.BinaryField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("act of a client")
        verbose_name_plural = _("acts of clients")
        constraints: ClassVar[Any] = [
            models.CheckConstraint(
                condition=Q(action="signed", shown_pdf__isnull=True)
                | Q(action__in=("approved", "rejected"), shown_pdf__isnull=False),
                name="sales_clientact_keeps_what_was_shown",
            )
        ]
        indexes: ClassVar[Any] = [models.Index(fields=["mail"], name="sales_clientact_mail")]

    def __str__(self) -> str:
        return self.get_action_display()
