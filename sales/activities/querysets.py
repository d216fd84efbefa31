from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from core.models import TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS
from prospects.pipeline.querysets import BOOK, SHARED_TO_CHANGE
from sales.deals.querysets import seen_sql

CHANGE_ACTIVITY = "sales.change_activity"
# What is still to be done, and of which nobody was told when it is due now.
TO_REMIND = Q(status="pending", due_at__isnull=False) & (
    Q(reminded_for__isnull=True) | ~Q(reminded_for=F("due_at"))
)
LIVING = (
    Q(contact__isnull=True, deal__isnull=True, company__isnull=True)
    | Q(contact__isnull=False, contact__deleted_at__isnull=True)
    | Q(deal__isnull=False, deal__deleted_at__isnull=True)
    | Q(company__isnull=False, company__deleted_at__isnull=True)
)


# Of somebody: what is theirs or was planned by them, and what is about people, deals and companies
# whom they see. Written by hand, as visible cards are (prospects.pipeline.querysets).
OWN = """
    SELECT id FROM sales_activity WHERE tenant_id = {tenant} AND user_id = {user}
    UNION ALL
    SELECT id FROM sales_activity WHERE tenant_id = {tenant} AND created_by_id = {user}
    UNION ALL
    SELECT a.id FROM prospects_contact c JOIN sales_activity a ON a.contact_id = c.id
    WHERE c.tenant_id = {tenant} AND c.owner_id = {user} AND c.prospect_id IS NULL
    UNION ALL
    SELECT a.id FROM prospects_contact c JOIN sales_activity a ON a.contact_id = c.id
    WHERE c.tenant_id = {tenant} AND c.created_by_id = {user} AND c.prospect_id IS NULL
"""
OF_DEALS = "SELECT id FROM sales_activity WHERE deal_id IN ({deals})"
OF_CARDS = """
    SELECT a.id FROM sales_activity a JOIN prospects_contact c ON c.id = a.contact_id
    WHERE c.prospect_id IN ({book})
    UNION ALL
    SELECT a.id FROM sales_activity a JOIN clients_company firm ON firm.id = a.company_id
    WHERE firm.prospect_id IN ({book})
"""


class ActivityQuerySet(TenantQuerySet):
    """Activities."""

    def visible_to(self, user: Any) -> ActivityQuerySet:
        """Those that a user may see: the one predicate of every door.

        All of them with `all-prospects`, else those that are theirs or that they planned, and those
        about people, deals and companies whom they see. What is about something deleted is hidden.
        """
        alive = self.filter(LIVING)
        return alive if user.has_perm(ALL_PROSPECTS) else alive.filter(pk__in=_seen_ids(user))

    def changeable_by(self, user: Any) -> ActivityQuerySet:
        """Those that a user may write: not those seen by a share of a card for looking."""
        alive = self.filter(LIVING)
        if user.has_perms((ALL_PROSPECTS, CHANGE_ACTIVITY)):
            return alive
        return alive.filter(pk__in=_seen_ids(user, to_change=True))

    def to_remind(self, at: datetime) -> ActivityQuerySet:
        """Those that have come due and of which nobody was told, the earliest first."""
        return self.filter(TO_REMIND, due_at__lte=at).order_by("due_at")

    def due_between(self, since: datetime, until: datetime) -> ActivityQuerySet:
        """Those that are due from one moment up to before another, the earliest first."""
        return self.filter(due_at__gte=since, due_at__lt=until).order_by("due_at", "pk")


def _seen_ids(user: Any, *, to_change: bool = False) -> RawSQL:
    shared = SHARED_TO_CHANGE if to_change else ""
    deals = OF_DEALS.format(deals=seen_sql(user, to_change=to_change))
    arms = " UNION ALL ".join((OWN, deals, OF_CARDS.format(book=BOOK + shared)))
    sql = f"SELECT unnest(ARRAY({arms}))"  # found once, however few activities are expected
    params = (user.tenant_id, user.pk) * sql.count("{user}")  # in every arm in this order
    return RawSQL(sql.format(tenant="%s", user="%s"), params)


ActivityManager = TenantManager.from_queryset(ActivityQuerySet)
