from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.users.fields import colleague
from core.fields import TenantForeignKey, tenant_key
from core.models import TenantModel


def _card(related_name: str, verbose_name: Any) -> TenantForeignKey:
    return TenantForeignKey(
        "prospects.Prospect",
        on_delete=models.CASCADE,
        related_name=related_name,
        db_index=False,
        verbose_name=verbose_name,
    )


class CardMerge(TenantModel):
    """One card went into another: who did it, and all it takes to undo it."""

    survivor = _card("merges", _("stayed"))
    merged = _card("merged_by", _("went into it"))
    by = colleague(_("by"))
    # {column of the survivor: [value before, value after]}
    values = models.JSONField(_("changed values"), default=dict)
    # Who went with the card and is the survivor's primary contact since, and who was a primary
    # contact before and is none since. No links: people may vanish, what was done stays.
    promoted_contact_id = models.BigIntegerField(null=True)
    demoted_contact_id = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(_("undone"), null=True, editable=False)
    undone_by = colleague(_("undone by"))

    class Meta(TenantModel.Meta):
        verbose_name = _("merge of prospects")
        verbose_name_plural = _("merges of prospects")
        constraints = [
            tenant_key("clients_cardmerge"),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at__isnull=True),
                name="clients_cardmerge_merged_once",
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("merged")), name="clients_cardmerge_of_two_cards"
            ),
        ]
        indexes = [
            models.Index(fields=["survivor", "id"], name="clients_cardmerge_survivor"),
            models.Index(fields=["merged"], name="clients_cardmerge_merged"),
            models.Index(F("tenant"), F("id").desc(), name="clients_cardmerge_newest"),
        ]

    def __str__(self) -> str:
        return f"#{self.merged_id} → #{self.survivor_id}"


class MovedRows(TenantModel):
    """The rows of one relation that moved with a merge."""

    merge = TenantForeignKey(
        "clients.CardMerge", on_delete=models.CASCADE, related_name="moved", db_index=False
    )
    relation = models.CharField(_("what"), max_length=100)  # as merging.relations names it
    row_ids = ArrayField(models.BigIntegerField(), verbose_name=_("ids"))

    class Meta(TenantModel.Meta):
        verbose_name = _("moved rows")
        verbose_name_plural = _("moved rows")
        constraints = [
            models.UniqueConstraint(
                fields=["merge", "relation"], name="clients_movedrows_relation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.relation}: {len(self.row_ids)}"
