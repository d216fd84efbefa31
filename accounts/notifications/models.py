from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.notifications.querysets import NotificationManager
from core.fields import TenantForeignKey
from core.models import TenantModel
from core.tallies import NOTICES, tallied

LONGEST_TITLE = 255


class Notification(TenantModel):
    """Something that one user was told: a card is theirs now, a follow-up is due.

    `key` names the event: whoever tells it twice, it is told once.
    """

    user = TenantForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,
        verbose_name=_("user"),
    )
    type = models.SlugField(_("type"), max_length=40, db_index=False)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(_("link"), max_length=255, blank=True)
    key = models.CharField(max_length=120, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects: ClassVar[Any] = NotificationManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        triggers = [*TenantModel.Meta.triggers, *tallied(NOTICES, user="user_id")]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="accounts_notification_told_once"),
        ]
        indexes = [
            models.Index(
                F("user"),
                F("created_at").desc(),
                F("id").desc(),
                name="accounts_notification_of_user",
            ),
            models.Index(
                F("user"),
                F("created_at").desc(),
                F("id").desc(),
                condition=Q(read_at__isnull=True),
                name="accounts_notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.title
