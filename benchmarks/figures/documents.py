"""The sales API's quotes, invoices and payments, beside the same statements bare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Bench, Caller
from benchmarks.measure import Bare, Contest
from core.embedded.errors import EmbeddedError

LISTS = (
    "`GET /api/v1/quotes`, `/invoices` and `/payments`, first page and exact count, unfiltered, by "
    "state, by owner: at most 4 × the same statements bare (page, its items, count), on one "
    "connection."
)
NOT_SEEDED = "the tenant has no documents: python -m benchmarks documents"
# Whose documents a salesperson sees: those of people on their cards. Card by card (OFFSET 0 keeps
# the planner from joining a million people first: it takes this rep for an average one).
MINE = """d.id = ANY(ARRAY(
    SELECT of.id FROM (
        SELECT id FROM prospects_prospect WHERE tenant_id = %(tenant)s AND owner_id = %(me)s
        UNION SELECT prospect_id FROM prospects_teamassignment WHERE user_id = %(me)s
    ) AS mine
    CROSS JOIN LATERAL (
        SELECT c.id FROM prospects_contact c
        WHERE c.prospect_id = mine.id AND c.deleted_at IS NULL OFFSET 0
    ) AS person
    CROSS JOIN LATERAL (
        SELECT each.id FROM sales_{kind} each WHERE each.contact_id = person.id OFFSET 0
    ) AS of
))"""
TODAY = "(now() AT TIME ZONE %(zone)s)::date"
COLUMNS = """
    d.id, d.number, d.title, d.currency, d.contact_id, d.deal_id, d.owner_id, d.notes, d.terms,
    d.billing_address, d.sent_at, d.created_at, d.updated_at, d.status, d.subtotal, d.tax_total,
    d.total
"""
PAYMENT_COLUMNS = """
    d.id, d.invoice_id, d.contact_id, d.amount, d.currency, d.method, d.reference, d.notes,
    d.status, d.paid_at, d.refunded_amount, d.created_at, d.updated_at
"""
PAGE = """
    SELECT {columns} FROM sales_{kind} d
    WHERE d.tenant_id = %(tenant)s AND d.deleted_at IS NULL AND {where}
    ORDER BY d.id DESC LIMIT 25
"""
COUNT = """
    SELECT count(*) FROM sales_{kind} d
    WHERE d.tenant_id = %(tenant)s AND d.deleted_at IS NULL AND {where}
"""


def lists(bench: Bench) -> Iterator[Contest]:
    known = _known(bench)
    sent = f"d.status = 'sent' AND (d.valid_until IS NULL OR d.valid_until >= {TODAY})"
    late = f"d.status = 'sent' AND d.due_at < {TODAY}"
    asked: list[tuple[str, str, str, dict[str, Any]]] = [
        ("quote", "all", "true", {}),
        ("quote", "sent", sent, {"status": "sent"}),
        ("quote", "of an owner", "d.owner_id = %(owner)s", {"owner_id": known["owner"]}),
        ("invoice", "all", "true", {}),
        ("invoice", "overdue", late, {"status": "overdue"}),
        ("payment", "all", "true", {}),
    ]
    for caller in bench.callers:
        for kind, title, where, query in asked:
            yield _contest(bench, caller, kind, title, where, query, known)


def _contest(
    bench: Bench,
    caller: Caller,
    kind: str,
    title: str,
    where: str,
    query: dict[str, Any],
    known: dict[str, Any],
) -> Contest:
    seen = where if caller.sees_all else f"{MINE.format(kind=kind)} AND {where}"
    columns = PAYMENT_COLUMNS if kind == "payment" else COLUMNS
    sql = [text.format(kind=kind, columns=columns, where=seen) for text in (PAGE, COUNT)]
    params = bench.params(caller, **known)
    found = bench.value(sql[1], params)

    def bare(number: int) -> None:
        page, _count = (bench.rows(text, params) for text in sql)
        if kind != "payment":
            items = f"SELECT * FROM sales_{kind}item WHERE document_id = ANY(%(ids)s)"
            bench.rows(items, {"ids": [row[0] for row in page]})

    name, path = f"{kind}s {title}: {found:,}", f"/api/v1/{kind}s"
    door = caller.door
    return Contest(
        name, caller.label, lambda number: door.get(path, query), [Bare("statements", 4, bare)]
    )


def _known(bench: Bench) -> dict[str, Any]:
    """An owner to ask for, and the tenant's time zone.

    :raises EmbeddedError: the tenant has no documents.
    """
    sql = """
        SELECT q.owner_id, t.time_zone FROM sales_quote q JOIN accounts_tenant t
        ON t.id = q.tenant_id
        WHERE q.tenant_id = %(tenant)s AND q.owner_id IS NOT NULL ORDER BY q.id LIMIT 1
    """
    rows = bench.rows(sql, {"tenant": bench.tenant_id})
    if not rows:
        raise EmbeddedError(NOT_SEEDED)
    return {"owner": rows[0][0], "zone": rows[0][1]}
