from __future__ import annotations

from typing import Any

from django.apps import apps

from core.models import TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS


class OperationQuerySet(TenantQuerySet):
    """What companies did: recharges, shipments, monthly tiers."""

    def visible_to(self, user: Any) -> OperationQuerySet:
        """Those of the companies whose card a user may see."""
        if user.has_perm(ALL_PROSPECTS):
            return self
        cards = apps.get_model("prospects", "Prospect").objects.visible_to(user)
        return self.filter(company__prospect__in=cards)


OperationManager = TenantManager.from_queryset(OperationQuerySet)
