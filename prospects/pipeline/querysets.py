from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.db.models.expressions import RawSQL

from core.caller_facts import add_fact, fact
from core.models import LiveManager, TenantManager, TenantQuerySet
from core.rights import ALL_PROSPECTS, CHANGE_PROSPECT
from core.tenancy import tenant_scope

# Cards of one seller that are more than are worth collecting: a fiftieth of the tenant's, as the
# other way asks each of those whose it is (of a million, measured: 27 ms against 640 ms for 2,000
# cards of one seller, 4,500 ms against 710 ms for 220,000), but never fewer or more than these.
# They are counted with every request of a seller.
LARGE_BOOK, LARGEST_BOOK, SHARE = 2_000, 8_000, 50
# Cards of somebody beside those that they own. Written by hand, as it stands in every request of a
# seller: the ORM takes as long to put it together as the database to answer.
OWN = """
    SELECT id FROM prospects_prospect
    WHERE tenant_id = {tenant} AND owner_id = {user} AND deleted_at IS NULL
"""
TEAM = """
    SELECT prospect_id FROM prospects_teamassignment
    WHERE tenant_id = {tenant} AND user_id = {user}
"""
SHARED = """
    SELECT content_object_id FROM prospects_prospectuserobjectpermission
    WHERE tenant_id = {tenant} AND user_id = {user}
"""
OTHERS = f"{TEAM} UNION ALL {SHARED}"
# Stands behind SHARED, or what ends with it.
SHARED_TO_CHANGE = """
    AND permission_id IN (SELECT id FROM auth_permission WHERE codename = 'change_prospect')
"""
BOOK = f"{OWN} UNION ALL {OTHERS}"
add_fact(
    "has_large_book",
    f"""(
        SELECT count(book.id) > most.cards FROM (
            SELECT greatest({LARGE_BOOK}, least({LARGEST_BOOK}, sum(cards) / {SHARE}))::int AS cards
            FROM prospects_cardcount WHERE tenant_id = u.tenant_id
        ) AS most LEFT JOIN LATERAL (
            {BOOK.format(tenant="u.tenant_id", user="u.id")} LIMIT most.cards + 1
        ) AS book ON true GROUP BY most.cards
    )""",
)


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

        Everybody's with `all-prospects`, else those they own, are assigned to or were given a share
        of.
        """
        if user.has_perm(ALL_PROSPECTS):
            return self
        return self.of_seller(user.tenant_id, user.pk, is_large=has_large_book(user))

    def changeable_by(self, user: Any) -> ProspectQuerySet:
        """The cards that a user may write: what visible_to shows, but not by a share for looking.

        The role's right to change prospects is the door's to ask for; without it `all-prospects`
        is for looking only.
        """
        if changes_all(user):
            return self
        return self.of_seller(
            user.tenant_id, user.pk, is_large=has_large_book(user), to_change=True
        )

    def of_seller(
        self, tenant_id: int, user_id: int, *, is_large: bool, to_change: bool = False
    ) -> ProspectQuerySet:
        """The cards that a seller owns, is assigned to or was given a share of.

        The same rows either way. Of few cards the ids are collected first, each arm an index
        look-up (an OR read all: 265 ms against 1.2 ms at a million cards). Of a large book, or of
        one card, each card is asked whose it is, so that a page needs no more than its rows (the
        ids of 200,000 cards: 760 ms against 0.7 ms).

        :param to_change: leave out what was shared for looking only.
        """
        shared = SHARED_TO_CHANGE if to_change else ""
        if is_large:
            others = _ids(OTHERS + shared, tenant_id, user_id)
            return self.filter(Q(owner_id=user_id) | Q(pk__in=others))
        return self.filter(pk__in=_ids(BOOK + shared, tenant_id, user_id))

    def of_source(self, source: str) -> ProspectQuerySet:
        """`company`: prospects and clients; `partner`: partners."""
        return self.filter(type=3) if source == "partner" else self.filter(type__in=(1, 2))

    def of_clients(self, *, deleted: bool = False) -> ProspectQuerySet:
        """Those that have a company, or one that was deleted."""
        return self.filter(company__isnull=False, company__deleted_at__isnull=not deleted)


def _ids(sql: str, tenant_id: int, user_id: int) -> RawSQL:
    params = (tenant_id, user_id) * sql.count("{user}")
    return RawSQL(sql.format(tenant="%s", user="%s"), params)


def has_large_book(user: Any) -> bool:
    """Whether a seller's cards are too many to collect. It only chooses the way to them."""
    return bool(fact(user, "has_large_book"))


def changes_all(user: Any) -> bool:
    """Whether a user may write every card of the tenant."""
    return bool(user.has_perms((ALL_PROSPECTS, CHANGE_PROSPECT)))


def seen_condition(user: Any, *, to_change: bool = False) -> tuple[str, tuple[Any, ...]]:
    """Return visible_to, or changeable_by, as an SQL condition on one card `p`, with parameters."""
    if changes_all(user) if to_change else user.has_perm(ALL_PROSPECTS):
        return "true", ()
    sql, params = _one_of_seller(user.tenant_id, user.pk, to_change)
    return f"p.id IN ({sql})", params


@lru_cache(maxsize=4096)
def _one_of_seller(tenant_id: int, user_id: int, to_change: bool) -> tuple[str, tuple[Any, ...]]:
    """SQL of the ids of a seller's cards, to look one up in; putting it together is paid once."""
    cards = apps.get_model("prospects", "Prospect").objects
    of_seller = cards.of_seller(tenant_id, user_id, is_large=True, to_change=to_change)
    with tenant_scope(tenant_id):
        return of_seller.values("pk").query.sql_with_params()


ProspectManager = LiveManager.from_queryset(ProspectQuerySet)
AllProspectsManager = TenantManager.from_queryset(ProspectQuerySet)
