from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from core.fields import TenantForeignKey
from core.models import TenantEvent, TenantModel
from core.tallies import CARDS, tallied
from prospects.sharing.querysets import ShareManager


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    exclude=["updated_at"],
    base_model=TenantEvent,
    model_name="ShareEvent",
)
class ProspectUserObjectPermission(UserObjectPermissionBase, TenantModel):
    """What a user may do with one card that is neither theirs nor their team's.

    A share for looking is one row (view_prospect), one for changing two (change_prospect beside
    it). django-guardian knows this model by its base and keeps no generic rows for cards.
    """

    content_object = TenantForeignKey(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        related_name="shares",
        verbose_name=_("prospect"),
    )
    user = TenantForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        related_name="shares",
        db_index=False,
        verbose_name=_("user"),
    )

    objects: ClassVar[Any] = ShareManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("share")
        verbose_name_plural = _("shares")
        triggers = [*TenantModel.Meta.triggers, *tallied(CARDS)]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "content_object", "permission"],
                name="prospects_prospectuserobjectpermission_unique",
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_object}: {self.user}"
