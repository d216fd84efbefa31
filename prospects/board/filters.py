"""Every filter of the CRM API's lists: what it is called on the wire and what it asks of a card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta, tzinfo
from typing import Any

from django.db.models import Exists, OuterRef, Q

from core.errors import InvalidInput, NotAllowed
from core.rights import ALL_PROSPECTS
from prospects.board import parameters as read
from prospects.board.querysets import Filters
from prospects.pipeline.models import TeamAssignment
from prospects.pipeline.searching import search_pattern

# Wire name → column. One id or a comma-separated list; 0 or null: none assigned.
ID_FILTERS = {
    "category": "category_id",
    "follow": "category_id",
    "type": "type",
    "onboarding": "onboarding_status_id",
    "ecommerce": "ecommerce_type_id",
    "campaing": "campaign_id",
    "salesman": "owner_id",
    "weightRange": "weight_range_id",
    "contentId": "content_id",
    "planTypeId": "plan_type_id",
    "leadStatus": "lead_status_id",
}
ROLE_FILTERS = {
    "kae": "kae",
    "kae_ltl": "kae_ltl",
    "csr": "csr",
    "csr_ltl": "csr_ltl",
    "fullfilment": "fulfillment",
    "wms": "wms",
    "ecartpay": "ecartpay",
    "parapaquetes": "parapaquetes",
}
# Wire name → date column; `name[0]`, `name[1]` or `name[]` twice.
DAY_RANGES = {
    "estimatedCloseDate": "estimated_close_date",
    "commercialOfferDate": "commercial_offer_date",
}
NEEDS_ALL_PROSPECTS = ("salesman", "startDate", "endDate")
SOURCES = ("company", "partner")
MAX_SEARCH = 255


def sent(query: Any) -> dict[str, str]:
    """Return the parameters that have a value; `name[]` sent twice is `name[0]` and `name[1]`."""
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    for name in ("nextContact", *DAY_RANGES):
        for number, value in enumerate(query.getlist(f"{name}[]")[:2]):
            if value.strip():
                given[f"{name}[{number}]"] = value.strip()
    return given


def parse_filters(query: Any, *, user: Any, zone: tzinfo) -> Filters:
    """Read the filters that lists, board and figures share.

    :param zone: the tenant's time zone: days begin and end there.
    :raises InvalidInput: a parameter cannot be read; it is named.
    :raises NotAllowed: one is sent that only those who see all prospects may use.
    """
    given = sent(query)
    refuse_without_all_prospects(given, user)
    return read_filters(given, zone=zone)


def read_filters(given: dict[str, str], *, zone: tzinfo) -> Filters:
    """Read filters that whoever asks may use.

    :param given: parameters that have a value (see `sent`).
    :raises InvalidInput: one cannot be read; it is named.
    """
    conditions = [*_by_id(given), *_by_role(given), *_by_days(given), *_by_moment(given, zone)]
    conditions += [reader(given) for name, reader in _OTHERS.items() if name in given]
    category_ids = None
    if "category" in given:
        category_ids = read.ids("category", given["category"])[0]
    return Filters(
        source=read.choice("source", given.get("source", "company"), SOURCES),
        conditions=conditions,
        category_ids=category_ids,
    )


def refuse_without_all_prospects(given: dict[str, str], user: Any) -> None:
    """The filters by colleague and by date of creation are for those who see everybody's cards."""
    for name in NEEDS_ALL_PROSPECTS:
        if name in given and not user.has_perm(ALL_PROSPECTS):
            raise NotAllowed(f"{name} needs the permission all-prospects.")


def _one_of(column: str, wanted: set[int], none_too: bool) -> Q:
    condition = Q(**{f"{column}__in": wanted})
    return condition | Q(**{f"{column}__isnull": True}) if none_too else condition


def _by_id(given: dict[str, str]) -> list[Q]:
    return [
        _one_of(column, *read.ids(name, given[name]))
        for name, column in ID_FILTERS.items()
        if name in given
    ]


def _by_role(given: dict[str, str]) -> list[Q]:
    return [
        _plays(role, *read.ids(name, given[name]))
        for name, role in ROLE_FILTERS.items()
        if name in given
    ]


def _plays(role: str, user_ids: set[int], nobody_too: bool) -> Q:
    assigned = TeamAssignment.objects.filter(role=role)
    playing = Q(pk__in=assigned.filter(user_id__in=user_ids).values("prospect_id"))
    if not nobody_too:
        return playing
    return playing | Q(~Exists(assigned.filter(prospect_id=OuterRef("pk"))))


def _range(given: dict[str, str], name: str) -> tuple[date | None, date | None]:
    start, end = f"{name}[0]", f"{name}[1]"
    return read.days((start, given.get(start)), (end, given.get(end)))


def _by_days(given: dict[str, str]) -> list[Q]:
    found = []
    for name, column in DAY_RANGES.items():
        first, latest = _range(given, name)
        if first:
            found.append(Q(**{f"{column}__gte": first}))
        if latest:
            found.append(Q(**{f"{column}__lte": latest}))
    if "estimatedCloseMonth" in given:
        first, following = read.month("estimatedCloseMonth", given["estimatedCloseMonth"])
        found.append(Q(estimated_close_date__gte=first, estimated_close_date__lt=following))
    return found


def _by_moment(given: dict[str, str], zone: tzinfo) -> list[Q]:
    """Days that are compared with moments: both days included, in the tenant's time zone."""
    created = read.days(("startDate", given.get("startDate")), ("endDate", given.get("endDate")))
    ranges = {"created_at": created, "next_contact_at": _range(given, "nextContact")}
    found = []
    for column, (first, latest) in ranges.items():
        if first:
            found.append(Q(**{f"{column}__gte": read.midnight(first, zone)}))
        if latest:
            following = latest + timedelta(days=1)
            found.append(Q(**{f"{column}__lt": read.midnight(following, zone)}))
    return found


def _by_search(given: dict[str, str]) -> Q:
    if len(given["search"]) > MAX_SEARCH:
        raise InvalidInput.of("search", f"At most {MAX_SEARCH} characters.")
    pattern = search_pattern(given["search"])
    return Q(pk__in=[]) if pattern is None else Q(search_text__like=pattern)


def _by_shipments(given: dict[str, str]) -> Q:
    least = read.whole_number("minShipments", given["minShipments"])
    return Q(monthly_shipments__gte=min(least, 2**31 - 1))


def _by_recharge(given: dict[str, str]) -> Q:
    """The company is the one above: reached by the relation's name, never by import."""
    has = read.choice("hasRecharge", given["hasRecharge"], ("0", "1")) == "1"
    return Q(company__first_recharge_at__isnull=not has)


_OTHERS: dict[str, Callable[[dict[str, str]], Q]] = {
    "search": _by_search,
    "minShipments": _by_shipments,
    "hasRecharge": _by_recharge,
}
