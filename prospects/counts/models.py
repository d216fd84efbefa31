from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from core.fields import TenantForeignKey
from core.models import TenantModel
from prospects.counts.querysets import CardCountManager


class CardCount(TenantModel):
    """How many live cards stand where, and what they are worth: a base row or a change to it.

    Triggers on the card append a change per statement; nobody updates a row, so that writers never
    wait for each other (shared counter rows deadlock and make a bulk import block every move). The
    sum of the rows is the count. A task folds changes into base rows.
    """

    category = TenantForeignKey(
        "prospects.FollowUpCategory", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    type = models.PositiveSmallIntegerField()
    locale = models.ForeignKey(
        "prospects.Locale",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the card's own key holds; here it would cost every write
    )
    cards = models.BigIntegerField()
    value = models.DecimalField(max_digits=24, decimal_places=2)

    objects: ClassVar[Any] = CardCountManager()

    class Meta:
        indexes = [models.Index(fields=["tenant"], name="prospects_cardcount_tenant")]

    def __str__(self) -> str:
        return f"{self.cards:+} in {self.category_id}"
