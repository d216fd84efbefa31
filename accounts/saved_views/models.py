from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.saved_views.querysets import SavedViewManager
from core.fields import TenantForeignKey
from core.models import TenantModel


class SavedView(TenantModel):
    """What somebody asks of a list again and again: its filters, columns and sort, by a name.

    A private one is its owner's alone; a shared one is everybody's, who each see their own rows.
    """

    list_name = models.CharField(_("list"), max_length=100, editable=False)
    name = models.CharField(_("name"), max_length=80)
    owner = TenantForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("saved by"),
    )
    filters = models.TextField(_("filters"), max_length=4000, blank=True, editable=False)
    columns = models.JSONField(_("columns"), default=list, blank=True, editable=False)
    sort = models.JSONField(_("sort"), default=list, blank=True, editable=False)
    is_shared = models.BooleanField(_("shared with everybody"), default=False)
    is_pinned = models.BooleanField(
        _("pinned"), default=True, help_text=_("Stands above the list; the others are in a menu.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar[Any] = SavedViewManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                F("tenant"),
                F("list_name"),
                F("owner"),
                Lower("name"),
                condition=Q(is_shared=False),
                name="accounts_savedview_own_name_unique",
                violation_error_message=_("You have a view of this name already."),
            ),
            models.UniqueConstraint(
                F("tenant"),
                F("list_name"),
                Lower("name"),
                condition=Q(is_shared=True),
                name="accounts_savedview_shared_name_unique",
                violation_error_message=_("There is a shared view of this name already."),
            ),
            models.CheckConstraint(condition=Q(name__gt=""), name="accounts_savedview_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def may_be_changed_by(self, user: Any, *, may_share: bool) -> bool:
        """Whether somebody may change or delete it: what is shared, those who may share."""
        return may_share if self.is_shared else self.owner_id == user.pk
