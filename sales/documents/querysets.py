from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models.expressions import RawSQL

from core.models import LiveManager, TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS
from prospects.pipeline.querysets import BOOK, OTHERS, SHARED_TO_CHANGE, has_large_book

# The documents of somebody: their own, and those of people whom they see, by way of a card or
# alone. Written by hand, as visible cards are (prospects.pipeline.querysets).
OWN = """
    SELECT id FROM {table}
    WHERE tenant_id = {tenant} AND owner_id = {user} AND deleted_at IS NULL
    UNION ALL
    SELECT id FROM {table}
    WHERE tenant_id = {tenant} AND created_by_id = {user} AND deleted_at IS NULL
"""
OF_PEOPLE_ALONE = """
    SELECT d.id FROM prospects_contact c JOIN {table} d ON d.contact_id = c.id
    WHERE c.tenant_id = {tenant} AND c.owner_id = {user}
      AND c.prospect_id IS NULL AND c.deleted_at IS NULL
    UNION ALL
    SELECT d.id FROM prospects_contact c JOIN {table} d ON d.contact_id = c.id
    WHERE c.tenant_id = {tenant} AND c.created_by_id = {user}
      AND c.prospect_id IS NULL AND c.deleted_at IS NULL
"""
OF_CARDS = """
    SELECT d.id FROM prospects_prospect p
    JOIN prospects_contact c ON c.prospect_id = p.id AND c.deleted_at IS NULL
    JOIN {table} d ON d.contact_id = c.id
    WHERE p.deleted_at IS NULL AND p.id IN (@book)
"""
# The same of a seller with very many cards: from the documents to the cards.
OF_MANY_CARDS = """
    SELECT d.id FROM {table} d
    JOIN prospects_contact c ON c.id = d.contact_id AND c.deleted_at IS NULL
    JOIN prospects_prospect p ON p.id = c.prospect_id AND p.deleted_at IS NULL
    WHERE d.tenant_id = {tenant} AND (p.owner_id = {user} OR p.id IN (@others))
"""


class DocumentQuerySet(TenantQuerySet):
    """Quotes, invoices or contracts."""

    def visible_to(self, user: Any) -> Any:
        """The documents that a user may see: the one predicate of every door.

        All of them with `all-prospects`, else those that they own or created, and those of people
        whom they see.
        """
        return self if user.has_perm(ALL_PROSPECTS) else self._of_seller(user, to_change=False)

    def changeable_by(self, user: Any) -> Any:
        """The documents that a user may write: not those seen by a share of a card for looking."""
        if user.has_perms((ALL_PROSPECTS, f"sales.change_{self.model._meta.model_name}")):
            return self
        return self._of_seller(user, to_change=True)

    def _of_seller(self, user: Any, *, to_change: bool) -> Any:
        sql = _seen_sql(user, to_change=to_change).replace("{table}", self.model._meta.db_table)
        params = (user.tenant_id, user.pk) * sql.count("{user}")  # in every arm in this order
        return self.filter(pk__in=RawSQL(sql.format(tenant="%s", user="%s"), params))

    def in_state(self, state: str, today: date) -> Any:
        """Those whose state on a day is this one: what a date alone brings about is not stored."""
        kind: Any = self.model
        if state == kind.LAPSED_STATE:
            return self.filter(kind.lapsed(today))
        if state == kind.LAPSING_STATE:
            return self.filter(kind.not_lapsed(today))
        return self.filter(status=state)


def _seen_sql(user: Any, *, to_change: bool) -> str:
    shared = SHARED_TO_CHANGE if to_change else ""
    if has_large_book(user):
        of_cards = OF_MANY_CARDS.replace("@others", OTHERS + shared)
    else:
        of_cards = OF_CARDS.replace("@book", BOOK + shared)
    return " UNION ALL ".join((OWN, OF_PEOPLE_ALONE, of_cards))


DocumentManager = LiveManager.from_queryset(DocumentQuerySet)
AllDocumentsManager = TenantManager.from_queryset(DocumentQuerySet)
