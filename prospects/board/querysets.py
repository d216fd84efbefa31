"""Which cards a list or a column of the board shows, in which order: as ids, by the ORM.

The only place where prospects look up at the company above them, through the relation's name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import F, Func, OrderBy, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Lower, NullIf

from core.errors import InvalidInput, NotFound
from core.rights import ALL_PROSPECTS
from core.tenancy import tenant_scope
from prospects.pipeline.models import Prospect

Sql = tuple[str, tuple[Any, ...]]

COMPANY_TABLE: str = "clients_company"  # checked by a test: the relation may not be imported


@dataclass(frozen=True)
class Filters:
    """The filters of one request, as conditions on a card."""

    source: str = "company"
    conditions: list[Q] = field(default_factory=list)
    category_ids: set[int] | None = None  # the columns of the board that are asked for

    @property
    def is_empty(self) -> bool:
        """Whether they leave every card of the source."""
        return not self.conditions

    def apply(self, cards: Any) -> Any:
        """Narrow a queryset of cards, already of this source."""
        for condition in self.conditions:
            cards = cards.filter(condition)
        return cards


def _text(path: str) -> Func:
    """Sort text as Spanish does without ICU: no case, no accents, blanks among the nulls."""
    return Func(Lower(NullIf(path, Value(""))), function="unaccent")


# Wire name → (what to sort by, whether ascending on the wire is descending in the database).
SORTABLE: dict[str, tuple[Any, bool]] = {
    "id": (F("pk"), False),
    "type": (F("type"), False),
    "company_id": (F("company__pk"), False),
    "company_name": (_text("company_name"), False),
    "name": (_text("name"), False),
    "email": (NullIf("email", Value("")), False),
    "phone": (NullIf("phone", Value("")), False),
    "follow_up_id": (F("category_id"), False),
    "follow_name": (F("category__name"), False),
    "salesman": (F("owner_id"), False),
    "salesman_name": (_text("owner__name"), False),
    "balance": (Coalesce("company__balance", Value(0), output_field=None), False),
    "account_value": (F("account_value"), False),
    "first_contact": (F("first_contact_at"), False),
    "last_contact": (F("last_contact_at"), False),
    "days_uc": (F("category_changed_at"), True),
    "days_without_contact": (Coalesce("last_contact_at", "created_at"), True),
    "next_contact": (F("next_contact_at"), False),
    "monthly_shipments": (F("monthly_shipments"), False),
    "monthly_shipments_desc": (F("monthly_shipments"), False),
    "campaign": (F("campaign__name"), False),
    "lead_status": (F("lead_status__name"), False),
    "estimated_close_date": (F("estimated_close_date"), False),
    "commercial_offer_date": (F("commercial_offer_date"), False),
    "tier": (F("company__tier"), False),
    "verified": (F("verified_at"), False),
    "channel": (_text("channel"), False),
    "created_at": (F("created_at"), False),
}


def order_of(sort_by: str | None, sort_type: str | None) -> list[Any]:
    """Return the ordering for `sortBy` and `sortType`: nulls last, ties broken by id.

    Without `sortBy` the newest come first.

    :raises InvalidInput: naming the parameter.
    """
    direction = (sort_type or "asc").lower()
    if direction not in ("asc", "desc"):
        raise InvalidInput.of("sortType", "Must be asc or desc.")
    if not sort_by:
        return [F("created_at").desc(), F("pk").desc()]
    if sort_by not in SORTABLE:
        raise InvalidInput.of("sortBy", f"Must be one of {', '.join(SORTABLE)}.")
    expression, is_reversed = SORTABLE[sort_by]
    is_descending = (direction == "desc") != is_reversed
    tie = F("pk").desc() if is_descending else F("pk").asc()
    if sort_by == "id":
        return [tie]
    return [OrderBy(expression, descending=is_descending, nulls_last=True), tie]


def cards_for(user: Any, filters: Filters) -> QuerySet:
    """Return the cards that a user may see and that the filters leave."""
    return filters.apply(Prospect.objects.visible_to(user).of_source(filters.source))


@lru_cache(maxsize=4096)
def seller_ids_sql(tenant_id: int, user_id: int, is_large: bool, source: str) -> Sql:
    """Return SQL of the ids that a user without all-prospects sees in a tenant.

    It depends on nothing else, so that putting it together is paid once and not with every list.
    """
    with tenant_scope(tenant_id):
        return ids_sql(
            Prospect.objects.of_seller(tenant_id, user_id, is_large=is_large).of_source(source)
        )


def are_counted(user: Any, filters: Filters) -> bool:
    """Whether the kept counts hold the answer: every card of a source, for who sees them all."""
    return filters.is_empty and user.has_perm(ALL_PROSPECTS)


def card_id_of(origin: str, pk: int) -> int:
    """Return the id of a card named by its own id or, as the calendar does, by its company's.

    :param origin: what `pk` is the id of: `prospect` or `company`.
    :raises NotFound: no live company has this id. A card's own id is not looked up.
    """
    if origin == "prospect":
        return pk
    cards = Prospect.objects.filter(company__pk=pk, company__deleted_at__isnull=True)
    found = cards.values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("There is no such company.")
    return int(found)


def in_column(cards: QuerySet) -> QuerySet:
    """Narrow to the category of the surrounding statement's row `category`."""
    return cards.filter(category_id=RawSQL('"category"."id"', []))


def ids_sql(cards: QuerySet) -> Sql:
    """Return (sql, params) that selects the ids of these cards, in their order."""
    return cards.values("pk").query.sql_with_params()
