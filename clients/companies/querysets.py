from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.models import LiveManager, TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS
from prospects.pipeline.searching import search_pattern


class CompanyQuerySet(TenantQuerySet):
    """Companies."""

    def visible_to(self, user: Any) -> CompanyQuerySet:
        """The companies whose cards a user may see."""
        if user.has_perm(ALL_PROSPECTS):
            return self
        return self.filter(prospect__in=_cards().visible_to(user))

    def search(self, text: str) -> CompanyQuerySet:
        """Those whose card holds this text: the company's name, its people, their addresses."""
        pattern = search_pattern(text)
        if pattern is None:
            return self.none()
        return self.filter(prospect__in=_cards().filter(search_text__like=pattern))

    def changed_since(self, moment: Any) -> CompanyQuerySet:
        """Those changed at or after this moment, in what they are or what their card says."""
        return self.filter(Q(updated_at__gte=moment) | Q(prospect__updated_at__gte=moment))

    def with_owner(self, user_id: int) -> CompanyQuerySet:
        """Those whose card is looked after by somebody."""
        return self.filter(prospect__in=_cards().filter(owner_id=user_id))

    def for_sales(self) -> CompanyQuerySet:
        """With all that the sales API shows of them."""
        contacts = apps.get_model("prospects", "Contact").objects
        mine = contacts.filter(prospect=OuterRef("prospect")).order_by().values("prospect")
        counted = Subquery(mine.annotate(n=Count("pk")).values("n"))
        rows = self.select_related("prospect__owner")
        return rows.annotate(
            contacts_count=Coalesce(counted, 0), card_updated_at=F("prospect__updated_at")
        )


def _cards() -> Any:
    return apps.get_model("prospects", "Prospect").objects


CompanyManager = LiveManager.from_queryset(CompanyQuerySet)
AllCompaniesManager = TenantManager.from_queryset(CompanyQuerySet)
