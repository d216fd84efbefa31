"""What is measured, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.figures import (
    analytics,
    back_office,
    boards,
    calendar,
    deals,
    documents,
    imports,
    lists,
    mcp,
    operations,
    pdf,
    segments,
    unchanged,
    undo,
    writes,
)
from benchmarks.measure import Contest


class Figure(NamedTuple):
    """A section of the results: what is allowed, in words, and the contests that show it."""

    allowed: str
    contests: Callable[[Bench], Iterator[Contest]]


FIGURES = {
    "list": Figure(lists.FIRST_PAGE, lists.first_page),
    "page": Figure(lists.FAR_PAGE, lists.far_page),
    "filters": Figure(lists.FILTERS, lists.filtered),
    "search": Figure(lists.SEARCH, lists.searched),
    "grouped": Figure(boards.GROUPED, boards.grouped),
    "calendar": Figure(calendar.CALENDAR, calendar.planned),
    "kpis": Figure(boards.KPIS, boards.kpis),
    "not-modified": Figure(unchanged.NOT_MODIFIED, unchanged.polled),
    "import": Figure(imports.IMPORT, imports.imported),
    "undo": Figure(undo.UNDO, undo.taken_back),
    "operations": Figure(operations.OPERATIONS, operations.imported),
    "deals": Figure(deals.LIST, deals.listed),
    "deals-board": Figure(deals.BOARD, deals.board),
    "documents": Figure(documents.LISTS, documents.lists),
    "pdf": Figure(pdf.PDF, pdf.printed),
    "segments": Figure(segments.SEGMENTS, segments.counted),
    "mcp": Figure(mcp.CALLS, mcp.called),
    "move": Figure(writes.MOVE, writes.moved),
    "note": Figure(writes.NOTE, writes.noted),
    "back-office": Figure(back_office.PAGES, back_office.pages),
    "back-office-move": Figure(back_office.MOVE, back_office.moved),
    "analytics-sync": Figure(analytics.SYNC, analytics.synced),
    "analytics": Figure(analytics.DASHBOARD, analytics.answered),
}
