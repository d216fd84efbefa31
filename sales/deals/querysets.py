from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from core.models import LiveManager, TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS
from prospects.pipeline.querysets import OTHERS, SHARED_TO_CHANGE
from prospects.pipeline.searching import search_pattern

CHANGE_DEAL = "sales.change_deal"
# The deals of somebody: their own, and those of people whom they see, by way of a card or alone.
# Written by hand, as visible cards are (prospects.pipeline.querysets).
OWN = """
    SELECT id FROM sales_deal
    WHERE tenant_id = {tenant} AND owner_id = {user} AND deleted_at IS NULL
    UNION ALL
    SELECT id FROM sales_deal
    WHERE tenant_id = {tenant} AND created_by_id = {user} AND deleted_at IS NULL
"""
OF_PEOPLE_ALONE = """
    SELECT of.deal_id FROM prospects_contact c JOIN sales_dealcontact of ON of.contact_id = c.id
    WHERE c.tenant_id = {tenant} AND c.owner_id = {user}
      AND c.prospect_id IS NULL AND c.deleted_at IS NULL
    UNION ALL
    SELECT of.deal_id FROM prospects_contact c JOIN sales_dealcontact of ON of.contact_id = c.id
    WHERE c.tenant_id = {tenant} AND c.created_by_id = {user}
      AND c.prospect_id IS NULL AND c.deleted_at IS NULL
"""
# One arm for their own cards and one for others', as an OR of both would read all cards. Whether it
# goes from the cards to the deals or back, the planner decides by how many there are of each.
OF_CARDS = """
    SELECT of.deal_id FROM prospects_prospect p
    JOIN prospects_contact c ON c.prospect_id = p.id AND c.deleted_at IS NULL
    JOIN sales_dealcontact of ON of.contact_id = c.id
    WHERE p.tenant_id = {{tenant}} AND p.owner_id = {{user}} AND p.deleted_at IS NULL
    UNION ALL
    SELECT of.deal_id FROM prospects_prospect p
    JOIN prospects_contact c ON c.prospect_id = p.id AND c.deleted_at IS NULL
    JOIN sales_dealcontact of ON of.contact_id = c.id
    WHERE p.deleted_at IS NULL AND p.id IN ({others})
"""


class DealQuerySet(TenantQuerySet):
    """Deals."""

    def visible_to(self, user: Any) -> DealQuerySet:
        """The deals that a user may see: the one predicate of every door.

        All of them with `all-prospects`, else those that they own or created, and those of people
        whom they see.
        """
        return self if user.has_perm(ALL_PROSPECTS) else self.filter(pk__in=seen_ids(user))

    def changeable_by(self, user: Any) -> DealQuerySet:
        """The deals that a user may write: not those seen by a share of a card for looking."""
        if user.has_perms((ALL_PROSPECTS, CHANGE_DEAL)):
            return self
        return self.filter(pk__in=seen_ids(user, to_change=True))

    def search(self, text: str) -> DealQuerySet:
        """Those whose name holds this text; case and accents do not matter."""
        pattern: Any = search_pattern(text)
        return self.none() if pattern is None else self.filter(search_text__like=pattern)

    def of_contact(self, contact_id: int) -> DealQuerySet:
        """Those that a person has to do with."""
        return self.filter(people__contact=contact_id)

    def of_company(self, company_id: int) -> DealQuerySet:
        """Those of the people on a company's card."""
        people = Q(people__contact__prospect__company=company_id)
        deals: Any = self.model
        alive = Q(people__contact__deleted_at__isnull=True)
        return self.filter(pk__in=deals.objects.filter(people & alive).values("pk"))


def seen_ids(user: Any, *, to_change: bool = False) -> RawSQL:
    """The ids of a seller's deals, to filter by."""
    sql = seen_sql(user, to_change=to_change)
    params = (user.tenant_id, user.pk) * sql.count("{user}")  # in every arm in this order
    return RawSQL(sql.format(tenant="%s", user="%s"), params)


def seen_sql(user: Any, *, to_change: bool = False) -> str:
    """SQL of the ids of a seller's deals; where their numbers belong stand {tenant} and {user}."""
    shared = SHARED_TO_CHANGE if to_change else ""
    of_cards = OF_CARDS.format(others=OTHERS + shared)
    return " UNION ALL ".join((OWN, OF_PEOPLE_ALONE, of_cards))


DealManager = LiveManager.from_queryset(DealQuerySet)
AllDealsManager = TenantManager.from_queryset(DealQuerySet)
