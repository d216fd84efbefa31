from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.outbox import OutboxRow


class PasswordLink(OutboxRow):
    """A mail with a link by which somebody sets their password, once.

    The link's token exists in the mail alone: it is made when the mail is sent, and what is kept
    here is its hash. A trigger of the user ends all their links when the password changes.
    """

    class Purpose(models.TextChoices):
        RESET = "reset", _("New password")
        INVITATION = "invitation", _("Invitation")

    user = TenantForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        related_name="password_links",
        db_index=False,
        verbose_name=_("user"),
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    token_hash = models.CharField(max_length=64, db_default="", editable=False)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    ended_at = models.DateTimeField(_("used"), null=True)

    class Meta(OutboxRow.Meta):
        verbose_name = _("password link")
        verbose_name_plural = _("password links")
        indexes = [
            models.Index(
                fields=["tenant", "due_at", "id"],
                condition=Q(status="pending"),
                name="accounts_passwordlink_due",
            ),
            models.Index(
                fields=["token_hash"],
                condition=Q(token_hash__gt="", ended_at__isnull=True),
                name="accounts_passwordlink_token",
            ),
            models.Index(fields=["user"], name="accounts_passwordlink_user"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.user_id}"
