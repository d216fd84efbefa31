"""The order of the deals in a stage: a fractional rank, the smallest on top.

Whoever asks for a rank holds the pipeline's lock (sales.pipelines.services.lock_pipeline). Deleted
deals keep theirs, so that no two deals of a stage ever have the same.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from sales.deals.models import Deal

GAP = 1024.0
TOP = 0
# In one statement: the key of stage and rank is checked at its end.
RENUMBER = """
    UPDATE sales_deal AS deal SET rank = numbered.rank
    FROM (
        SELECT id, row_number() OVER (ORDER BY rank) * %s AS rank
        FROM sales_deal WHERE stage_id = %s
    ) AS numbered
    WHERE deal.id = numbered.id
"""


def rank_at(
    stage_id: int, position: int, *, deal_id: int, among: Any, below_id: int | None = None
) -> float:
    """Return a free rank for a deal in a stage.

    :param position: how many deals are to stand above it; after the last one if there are fewer.
    :param deal_id: the deal that is placed; it is not counted.
    :param among: the deals that count, those which whoever moves it sees.
    :param below_id: that it is to stand right below this one of them says more than `position`,
        which counts if that one is not in the stage.
    """
    for _ in range(2):
        above, below = _neighbours(stage_id, position, deal_id, among, below_id)
        rank = _between(above, below)
        if rank is not None:
            return rank
        renumber(stage_id)
    raise AssertionError("numbered anew, there is room between any two")


def renumber(stage_id: int) -> None:
    """Give the deals of a stage ranks far from each other; their order stays."""
    with connection.cursor() as cursor:
        cursor.execute(RENUMBER, [GAP, stage_id])


def _between(above: float | None, below: float | None) -> float | None:
    """A rank between two; None when they are too close for another number."""
    if above is None or below is None:
        return (below or 0.0) - GAP if above is None else above + GAP
    middle = above + (below - above) / 2
    return middle if above < middle < below else None


def _neighbours(
    stage_id: int, position: int, deal_id: int, among: Any, below_id: int | None
) -> tuple[float | None, float | None]:
    """The ranks between which a place is: right below the deal above it, or on top of all."""
    others = Deal.all_objects.filter(stage_id=stage_id).exclude(pk=deal_id)
    shown = among.filter(stage_id=stage_id).exclude(pk=deal_id).order_by("rank")
    above = _rank(shown.filter(pk=below_id)) if below_id else None
    if above is None and position == TOP:
        return None, _rank(others.order_by("rank"))
    if above is None:
        above = _rank(shown[position - 1 : position])
    if above is None:
        return _rank(others.order_by("-rank")), None
    return above, _rank(others.filter(rank__gt=above).order_by("rank"))


def _rank(deals: Any) -> float | None:
    ranks: list[float] = list(deals.values_list("rank", flat=True)[:1])
    return ranks[0] if ranks else None
