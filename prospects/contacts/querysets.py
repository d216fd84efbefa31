from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q

from core.models import LiveManager, TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS


class ContactQuerySet(TenantQuerySet):
    """People."""

    def visible_to(self, user: Any) -> ContactQuerySet:
        """The people of the cards that a user sees; with `all-prospects` those without one too."""
        cards = apps.get_model("prospects", "Prospect").objects.visible_to(user)
        of_a_card = Q(prospect__in=cards.order_by().values("pk"))
        if user.has_perm(ALL_PROSPECTS):
            return self.filter(of_a_card | Q(prospect__isnull=True))
        return self.filter(of_a_card)

    def primary_first(self) -> ContactQuerySet:
        """As a card lists its people."""
        return self.order_by("-is_primary", "pk")


ContactManager = LiveManager.from_queryset(ContactQuerySet)
AllContactsManager = TenantManager.from_queryset(ContactQuerySet)
