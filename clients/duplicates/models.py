from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import TenantForeignKey
from core.models import TenantModel


def _card() -> TenantForeignKey:
    return TenantForeignKey(
        "prospects.Prospect", on_delete=models.CASCADE, related_name="+", db_index=False
    )


class DistinctCards(TenantModel):
    """Two cards that look alike and are not the same, said somebody who knows.

    While the row stands, neither is shown as a possible duplicate of the other.
    """

    one = _card()
    other = _card()  # the later of the two
    by = TenantForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("by"),
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("prospects that are not the same")
        verbose_name_plural = _("prospects that are not the same")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="clients_distinctcards_once"),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="clients_distinctcards_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["other"], name="clients_distinctcards_other"),
            models.Index(F("tenant"), F("id").desc(), name="clients_distinctcards_newest"),
        ]

    def __str__(self) -> str:
        return f"#{self.one_id} ≠ #{self.other_id}"
