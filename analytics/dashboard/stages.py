"""How far leads are: the stage of each, by its category and what its company did.

A lead is in exactly one stage: `customer_lost` before `won` before `in_recharge` before the name
of its category.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from prospects.pipeline.models import FollowUpCategory

LOST, WON, RECHARGED = "customer_lost", "won", "in_recharge"


@dataclass(frozen=True)
class Category:
    """What analytics asks of a category."""

    name: str
    color: str
    kind: str


class Stages:
    """The categories of a tenant and what they mean."""

    def __init__(self, categories: Iterable[tuple[int, str, str, str]]) -> None:
        self.categories = {pk: Category(*rest) for pk, *rest in categories}

    @classmethod
    def of_tenant(cls) -> Stages:
        """Read those of the tenant acted for."""
        rows = FollowUpCategory.objects.in_order()
        return cls(rows.values_list("pk", "name", "color", "kind"))

    def of_kind(self, *kinds: str) -> list[int]:
        """The ids of the categories of these kinds."""
        return [pk for pk, category in self.categories.items() if category.kind in kinds]

    def named(self, name: str) -> list[int]:
        """The ids of the open categories of this name: at most one."""
        return [pk for pk in self.of_kind("open") if self.categories[pk].name == name]

    def counts(self, category_id: int) -> bool:
        """Whether leads of this category are leads. One that is gone meanwhile has none left."""
        return category_id in self.categories and not self.is_(category_id, "disqualified")

    def is_(self, category_id: int, kind: str) -> bool:
        return self.categories[category_id].kind == kind

    def is_lost(self, category_id: int) -> bool:
        return self.is_(category_id, "lost")

    def is_won(self, category_id: int, has_shipment: bool) -> bool:
        """By its first shipment or by its category; a lead may be both won and lost."""
        return has_shipment or self.is_(category_id, "won")

    def outcome(self, category_id: int, has_shipment: bool, has_recharge: bool) -> str:
        """Which of the exclusive outcomes a lead has: LOST, WON, RECHARGED or none of them, ""."""
        if self.is_lost(category_id):
            return LOST
        if self.is_won(category_id, has_shipment):
            return WON
        return RECHARGED if has_recharge else ""

    def stage(self, category_id: int, has_shipment: bool, has_recharge: bool) -> str:
        """The one stage of a lead."""
        outcome = self.outcome(category_id, has_shipment, has_recharge)
        return outcome or self.categories[category_id].name
