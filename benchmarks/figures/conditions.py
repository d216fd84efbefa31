"""The filters that are measured: in the words of the wire, and as a bare condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from benchmarks.bench import Bench
from benchmarks.doors import Params
from benchmarks.names import COMMON_SEARCH, RARE_SEARCH, SHORT_SEARCH
from benchmarks.people import BIG_REP

MIDDLE_REP, KAE = "rep10@bench.test", "rep03@bench.test"
NEWEST = "SELECT max(created_at) FROM prospects_prospect WHERE tenant_id = %(tenant)s"
USER = "SELECT id FROM accounts_user WHERE tenant_id = %(tenant)s AND email = %(email)s"
CATEGORY = (
    "SELECT id FROM prospects_followupcategory WHERE tenant_id = %(tenant)s AND name = %(name)s"
)


@dataclass(frozen=True)
class Condition:
    """A filter as the door understands it and as SQL on the card `p`."""

    title: str
    query: Params
    sql: str
    params: Params = field(default_factory=dict)
    needs_all: bool = False  # refused to those who do not see every card


def daily_filters(bench: Bench) -> Iterator[Condition]:
    """The filters that are used every day."""
    for title, email in (("one of forty owners", MIDDLE_REP), ("owner of a fifth", BIG_REP)):
        owner = bench.value(USER, {"email": email})
        found = Condition(title, {"salesman": owner}, "p.owner_id = %(x)s", {"x": owner}, True)
        yield found
    category = bench.value(CATEGORY, {"name": "qualified"})
    yield Condition("category", {"category": category}, "p.category_id = %(x)s", {"x": category})
    newest = bench.value(NEWEST).date()
    yield _created(bench, newest - timedelta(days=210), newest - timedelta(days=181))
    yield _next_contact(bench, newest, newest + timedelta(days=6))
    yield _close_date(newest + timedelta(days=30), newest + timedelta(days=59))
    kae = bench.value(USER, {"email": KAE})
    playing = "SELECT prospect_id FROM prospects_teamassignment WHERE user_id = %(x)s"
    yield Condition("team role", {"kae": kae}, f"p.id IN ({playing} AND role = 'kae')", {"x": kae})


def searches() -> Iterator[tuple[Condition, float]]:
    """Each search with how many times the bare statements' time it may take."""
    for title, words, factor in (
        ("rare", RARE_SEARCH, 3.0),
        ("common (6 %)", COMMON_SEARCH, 2.0),
        ("two characters", SHORT_SEARCH, 2.0),
    ):
        # Of one or two characters the product finds the words that start with them.
        pattern = f"%{words}%" if len(words) > 2 else f"% {words}%"
        yield (
            Condition(title, {"search": words}, "p.search_text LIKE %(x)s", {"x": pattern}),
            factor,
        )


def _created(bench: Bench, first: date, last: date) -> Condition:
    query = {"startDate": first, "endDate": last}
    return _moments(bench, "created in 30 days", "created_at", query, needs_all=True)


def _next_contact(bench: Bench, first: date, last: date) -> Condition:
    query = {"nextContact[0]": first, "nextContact[1]": last}
    return _moments(bench, "next contact in a week", "next_contact_at", query)


def _moments(bench: Bench, title: str, column: str, query: Params, **more: Any) -> Condition:
    """Both days included, in the tenant's time zone."""
    first, last = query.values()
    since = datetime.combine(first, time.min, tzinfo=bench.zone)
    until = datetime.combine(last + timedelta(days=1), time.min, tzinfo=bench.zone)
    sql = f"p.{column} >= %(since)s AND p.{column} < %(until)s"
    return Condition(title, query, sql, {"since": since, "until": until}, **more)


def _close_date(first: date, last: date) -> Condition:
    query = {"estimatedCloseDate[0]": first, "estimatedCloseDate[1]": last}
    sql = "p.estimated_close_date BETWEEN %(first)s AND %(last)s"
    return Condition("close date in 30 days", query, sql, {"first": first, "last": last})
