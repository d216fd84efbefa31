"""The sales API's deals: list and board, beside the same statements bare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.bench import Bench, Caller
from benchmarks.measure import Bare, Contest
from core.embedded.errors import EmbeddedError

LIST = (
    "`GET /api/v1/deals`, first page and exact count, unfiltered, of a pipeline, of a stage, of an "
    "owner, searched: at most 4 × the same two statements bare, on one connection."
)
BOARD = (
    "`GET /api/v1/deals/board`, 25 deals of each stage with counts and sums by currency: at most "
    "4 × the same two statements bare, on one connection."
)
PATH, BOARD_PATH = "/api/v1/deals", "/api/v1/deals/board"
NOT_SEEDED = "the tenant has no deals: python -m benchmarks deals"
# Whose deals a salesperson sees: their own, and those of people on their cards.
MINE = """d.id IN (
    SELECT id FROM sales_deal WHERE owner_id = %(me)s AND deleted_at IS NULL
    UNION SELECT id FROM sales_deal WHERE created_by_id = %(me)s AND deleted_at IS NULL
    UNION SELECT of.deal_id FROM prospects_prospect p
    JOIN prospects_contact c ON c.prospect_id = p.id
    JOIN sales_dealcontact of ON of.contact_id = c.id
    WHERE p.deleted_at IS NULL AND p.id IN (
        SELECT id FROM prospects_prospect WHERE tenant_id = %(tenant)s AND owner_id = %(me)s
        UNION SELECT prospect_id FROM prospects_teamassignment WHERE user_id = %(me)s
    )
)"""
COLUMNS = """
    d.id, d.name, d.amount, d.currency, d.probability, d.status, d.pipeline_id, d.stage_id,
    s.name, d.owner_id, u.name, d.expected_close_date, d.closed_at, d.lost_reason, d.created_at,
    d.updated_at
"""
PAGE = """
    SELECT {columns} FROM (
        SELECT d.id FROM sales_deal d
        WHERE d.tenant_id = %(tenant)s AND d.deleted_at IS NULL AND {where}
        ORDER BY d.id DESC LIMIT 25
    ) AS page
    JOIN sales_deal d ON d.id = page.id JOIN sales_stage s ON s.id = d.stage_id
    LEFT JOIN accounts_user u ON u.id = d.owner_id ORDER BY d.id DESC
"""
COUNT = """
    SELECT count(*) FROM sales_deal d
    WHERE d.tenant_id = %(tenant)s AND d.deleted_at IS NULL AND {where}
"""
FIRST_OF_STAGES = """
    SELECT {columns} FROM sales_stage s
    CROSS JOIN LATERAL (
        SELECT d.* FROM sales_deal d
        WHERE d.stage_id = s.id AND d.deleted_at IS NULL AND {where} ORDER BY d.rank LIMIT 25
    ) AS d
    LEFT JOIN accounts_user u ON u.id = d.owner_id
    WHERE s.pipeline_id = %(pipeline)s ORDER BY s.position, d.rank
"""
SUMS = """
    SELECT d.stage_id, d.currency, count(*), sum(d.amount), sum(d.amount * d.probability) / 100
    FROM sales_deal d WHERE d.pipeline_id = %(pipeline)s AND d.deleted_at IS NULL AND {where}
    GROUP BY d.stage_id, d.currency
"""


def listed(bench: Bench) -> Iterator[Contest]:
    known = _known(bench)
    filters: list[tuple[str, str, dict[str, Any]]] = [
        ("all", "true", {}),
        ("of a pipeline", "d.pipeline_id = %(pipeline)s", {"pipeline_id": known["pipeline"]}),
        ("of a stage", "d.stage_id = %(stage)s", {"stage_id": known["stage"]}),
        ("of an owner", "d.owner_id = %(owner)s", {"owner_id": known["owner"]}),
        ("searched", "d.search_text LIKE %(text)s", {"search": known["text"].strip("%")}),
    ]
    for caller in bench.callers:
        for title, where, query in filters:
            yield _listed(bench, caller, f"deals {title}", where, query, known)


def board(bench: Bench) -> Iterator[Contest]:
    known = _known(bench)
    for caller in bench.callers:
        where = "true" if caller.sees_all else MINE
        both = [FIRST_OF_STAGES.format(columns=COLUMNS, where=where), SUMS.format(where=where)]
        yield _contest(
            bench, caller, "board", both, known, BOARD_PATH, {"pipeline_id": known["pipeline"]}
        )


def _listed(
    bench: Bench, caller: Caller, title: str, where: str, query: Any, known: dict[str, Any]
) -> Contest:
    seen = where if caller.sees_all else f"{MINE} AND {where}"
    both = [PAGE.format(columns=COLUMNS, where=seen), COUNT.format(where=seen)]
    found = bench.value(both[1], bench.params(caller, **known))
    return _contest(bench, caller, f"{title}: {found:,}", both, known, PATH, query)


def _contest(
    bench: Bench,
    caller: Caller,
    title: str,
    both: list[str],
    known: dict[str, Any],
    path: str,
    query: Any,
) -> Contest:
    params = bench.params(caller, **known)
    bare = [Bare("two statements", 4, lambda number: [bench.rows(sql, params) for sql in both])]
    return Contest(title, caller.label, lambda number: caller.door.get(path, query), bare)


def _known(bench: Bench) -> dict[str, Any]:
    """A pipeline, stage, owner and text to ask for.

    :raises EmbeddedError: the tenant has no deals.
    """
    sql = """
        SELECT pipeline_id, stage_id, owner_id FROM sales_deal
        WHERE tenant_id = %(tenant)s AND owner_id IS NOT NULL ORDER BY id LIMIT 1
    """
    rows = bench.rows(sql, {"tenant": bench.tenant_id})
    if not rows:
        raise EmbeddedError(NOT_SEEDED)
    pipeline, stage, owner = rows[0]
    return {"pipeline": pipeline, "stage": stage, "owner": owner, "text": "%plan 1234%"}
