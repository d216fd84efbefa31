from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.sessions.querysets import SessionManager
from core.fields import TenantForeignKey
from core.models import TenantModel


class Session(TenantModel):
    """A sign-in of one user on one device, or a long-lived token of an integration.

    Its id stands in every access and refresh token made for it, so that revoking the row stops
    them all on the next request.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = TenantForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="sessions", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    ip_address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    refresh_jti = models.UUIDField(null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), db_default=models.functions.Now())
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects: ClassVar[Any] = SessionManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(
                fields=["user"], name="accounts_session_open", condition=Q(revoked_at__isnull=True)
            ),
            models.Index(fields=["expires_at"], name="accounts_session_expiry"),
        ]

    def __str__(self) -> str:
        return self.name or self.user_agent or str(self.pk)

    def revoke(self, *, at: datetime) -> None:
        """End the session, in memory. The first time counts."""
        self.revoked_at = self.revoked_at or at
