"""How many people are in a segment, beside the same count bare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from accounts.models import Tenant, User
from benchmarks.bench import Bench, Caller
from benchmarks.measure import Bare, Contest
from core.embedded.errors import EmbeddedError
from core.tenancy import across_tenants, tenant_scope
from sales.segments.membership import count_members
from sales.segments.models import Segment

SEGMENTS = (
    "The count of a dynamic segment's members by the product's own code, as somebody who sees all "
    "people: at most 2 × the same count bare. `GET /api/v1/segments` with all of these, counted "
    "live: at most 2 × all of the counts bare, + an empty view behind the product's sign-in. On "
    "one connection each."
)
PATH = "/api/v1/segments"
NOT_SEEDED = "its people are in no town: python -m benchmarks segments"
COUNT = "SELECT count(*) FROM prospects_contact c {more} WHERE {live} AND {where}"
OWNER = """
    SELECT owner_id FROM prospects_prospect
    WHERE tenant_id = %(tenant)s AND owner_id IS NOT NULL ORDER BY id LIMIT 1
"""
LIVE = "c.tenant_id = %(tenant)s AND c.deleted_at IS NULL"
CARD = "LEFT JOIN prospects_prospect p ON p.id = c.prospect_id"


def _where(field: str, operator: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


GUADALAJARA = _where("city", "=", "guadalajara")
# What is asked, and the same by hand: with the table's own indexes.
ASKED: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "everybody": ([], "", "true"),
    "of a stage": (
        [_where("lifecycle_stage", "=", "customer")],
        "",
        "c.lifecycle_stage = 'customer'",
    ),
    "of a town": ([GUADALAJARA], "", "core_folded(c.city) = 'guadalajara' AND c.city > ''"),
    "of a town and a stage": (
        [GUADALAJARA, _where("lifecycle_stage", "=", "lead")],
        "",
        "core_folded(c.city) = 'guadalajara' AND c.city > '' AND c.lifecycle_stage = 'lead'",
    ),
    "of a score": ([_where("lead_score", ">=", 90)], "", "c.lead_score >= 90"),
    "created in the last 30 days": (
        [_where("created_at", "within_days", 30)],
        "",
        "c.created_at >= now() - interval '30 days'",
    ),
    "met in the last 90 days": (
        [_where("last_activity_at", "within_days", 90)],
        "",
        "c.last_activity_at >= now() - interval '90 days'",
    ),
    "with an own field": (
        [_where("custom_fields.plan", "=", "oro")],
        "",
        "lower(c.custom_fields ->> 'plan') = 'oro' AND NOT c.custom_fields = '{}'",
    ),
    "with an own number": (
        [_where("custom_fields.branches", "=", 20)],
        "",
        """c.custom_fields @> '{"branches": 20}' AND NOT c.custom_fields = '{}'""",
    ),
    "email of a domain": (
        [_where("email", "contains", "@logistica.")],
        "",
        "lower(c.email) LIKE '%%@logistica.%%'",
    ),
    "company named": (
        [_where("company_name", "contains", "tepeyac")],
        CARD,
        "lower(p.company_name) LIKE '%%tepeyac%%' AND p.search_text LIKE '%%tepeyac%%' "
        "AND p.deleted_at IS NULL",
    ),
    "of an owner": (
        [_where("owner_id", "=", None)],
        CARD,
        "coalesce(c.owner_id, p.owner_id) = %(owner)s",
    ),
    "of a town or a source": (
        [{"any": [GUADALAJARA, _where("source", "=", "source 7")]}],
        "",
        "(core_folded(c.city) = 'guadalajara' AND c.city > '' "
        "OR core_folded(c.source) = 'source 7' AND c.source > '')",
    ),
}


def counted(bench: Bench) -> Iterator[Contest]:
    """Each kind of condition, and a page of them all.

    :raises EmbeddedError: nothing is known of the tenant's people.
    """
    if not bench.value(_sql("of a town")):
        raise EmbeddedError(NOT_SEEDED)
    owner = bench.value(OWNER)
    (manager,) = [caller for caller in bench.callers if caller.sees_all]
    for title in ASKED:
        yield _count(bench, manager, title, owner)
    yield _page(bench, manager, owner)


def _count(bench: Bench, caller: Caller, title: str, owner: int) -> Contest:
    sql, params = _sql(title), bench.params(caller, owner=owner)
    with across_tenants():
        user = User.objects.get(pk=caller.user_id)
        tenant = Tenant.objects.get(pk=bench.tenant_id)
    segment = Segment(pk=1, tenant=tenant, conditions=_conditions(title, owner))

    def count(number: int) -> int:
        with tenant_scope(tenant.pk):
            return count_members([segment], by=user)[1]

    found, bare = count(0), bench.value(sql, params)
    if found != bare:
        raise EmbeddedError(f"{title}: {found:,} counted, {bare:,} bare")
    work = Bare("the count", 2, lambda number: bench.value(sql, params))
    return Contest(f"{title}: {found:,}", caller.label, count, [work])


def _page(bench: Bench, caller: Caller, owner: int) -> Contest:
    made = []
    for title in ASKED:
        body = {"name": title, "type": "dynamic", "conditions": _conditions(title, owner)}
        made.append(orjson.loads(caller.door.send("POST", PATH, body))["data"]["id"])
    params = bench.params(caller, owner=owner)

    def remove() -> None:
        for pk in made:
            caller.door.send("DELETE", f"{PATH}/{pk}")

    return Contest(
        f"a page of {len(made)} segments",
        caller.label,
        lambda number: caller.door.get(PATH),
        [
            Bare("the counts", 2, lambda n: [bench.value(_sql(each), params) for each in ASKED]),
            Bare("empty view", 1, lambda n: caller.empty.get("/empty")),
        ],
        finish=remove,
    )


def _sql(title: str) -> str:
    _asked, more, where = ASKED[title]
    return COUNT.format(more=more, live=LIVE, where=where)


def _conditions(title: str, owner: int) -> list[dict[str, Any]]:
    return [
        {**each, "value": owner} if each.get("field") == "owner_id" else each
        for each in ASKED[title][0]
    ]
