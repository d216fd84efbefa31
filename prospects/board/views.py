from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.errors import Surface
from core.api.views import TenantAPIView
from core.rights import CRM_ACCESS
from core.tallies import CARDS, NAMES
from prospects.board import figures, rows
from prospects.board import parameters as read
from prospects.board.filters import parse_filters, sent
from prospects.board.openapi import FILTERS, PAGE, REPORT
from prospects.board.querysets import (
    Filters,
    are_counted,
    cards_for,
    order_of,
    seller_ids_sql,
)
from prospects.board.serializers import GroupedSerializer, KpiSerializer, ListSerializer
from prospects.counts.models import CardCount
from prospects.counts.querysets import total_sql
from prospects.pipeline.querysets import has_large_book

DEFAULT_LENGTH, MAX_LENGTH, MAX_REPORT_LENGTH = 25, 100, 1000


class BoardView(TenantAPIView):
    """Reads cards with the filters that the board, the list and the figures share."""

    surface = Surface.CRM
    permission = CRM_ACCESS
    watched = (CARDS, NAMES)
    shown_at: rows.Clock | None = None

    def filters(self, request: Any) -> Filters:
        return parse_filters(request.query_params, user=request.user, zone=request.user.tenant.zone)

    def clock(self, request: Any) -> rows.Clock:
        self.shown_at = rows.Clock(at=timezone.now(), zone=request.user.tenant.zone)
        return self.shown_at

    def true_until(self) -> datetime | None:
        return min(self.shown_at.counted, default=None) if self.shown_at else None


class Page:
    """Which cards are asked for, in which order."""

    def __init__(self, given: dict[str, str]) -> None:
        self.is_report = read.boolean("report", given.get("report", "false"))
        longest = MAX_REPORT_LENGTH if self.is_report else MAX_LENGTH
        self.start = read.whole_number("start", given.get("start", "0"))
        asked = read.whole_number("length", given.get("length", str(DEFAULT_LENGTH)), least=1)
        self.length = min(asked, longest)
        self.order = order_of(given.get("sortBy"), given.get("sortType"))


@extend_schema(parameters=[*FILTERS, *PAGE, *REPORT], responses=GroupedSerializer)
class GroupedView(BoardView):
    """The board: every category with its page of cards."""

    def get(self, request: Any) -> Response:
        given = sent(request.query_params)
        page, filters = Page(given), self.filters(request)
        cards = cards_for(request.user, filters)
        columns = rows.read_columns(
            cards.order_by(*page.order),
            category_ids=filters.category_ids,
            start=page.start,
            length=page.length,
            clock=self.clock(request),
            is_report=page.is_report,
        )
        if read.boolean("counters", given.get("counters", "false")):
            if are_counted(request.user, filters):
                counts = CardCount.objects.of_source(filters.source).by_category()
            else:
                counts = rows.count_by_category(cards)
            for column in columns:
                column["count"] = counts.get(column["id"], 0)
        return Response({"categories": columns})


@extend_schema(parameters=[*FILTERS, *PAGE], responses=ListSerializer)
class ListView(BoardView):
    """The table: a sorted page of cards, and how many there are."""

    def get(self, request: Any) -> Response:
        page, filters = Page(sent(request.query_params)), self.filters(request)
        cards = cards_for(request.user, filters)
        first = self.rows(request, cards, page) if page.start == 0 else None
        # A first page that is not full has been counted by reading it.
        known = len(first) if first is not None and len(first) < page.length else None
        total, filtered = self.counts(request, filters, cards, known)
        data = first
        if data is None:
            data = self.rows(request, cards, page) if page.start < filtered else []
        return Response({"recordsTotal": total, "recordsFiltered": filtered, "data": data})

    def rows(self, request: Any, cards: Any, page: Page) -> list[dict[str, Any]]:
        """The cards of a page."""
        return rows.read_page(
            cards.order_by(*page.order),
            start=page.start,
            length=page.length,
            clock=self.clock(request),
        )

    def counts(
        self, request: Any, filters: Filters, cards: Any, known: int | None
    ) -> tuple[int, int]:
        """How many the caller may see, and how many of them the filters leave."""
        user = request.user
        if are_counted(user, Filters(source=filters.source)):
            everything = total_sql(filters.source)
        elif filters.is_empty and known is not None:
            return known, known
        else:
            visible = (user.tenant_id, user.pk, has_large_book(user), filters.source)
            everything = rows.how_many(seller_ids_sql(*visible))
        if filters.is_empty or known is not None:
            (total,) = rows.numbers(everything)
            return total, total if filters.is_empty else known or 0
        total, filtered = rows.numbers(everything, rows.how_many(cards))
        return total, filtered


@extend_schema(parameters=FILTERS, responses=KpiSerializer(many=True))
class KpisView(BoardView):
    """Count and value of every category."""

    def get(self, request: Any) -> Response:
        filters, currency = self.filters(request), request.user.tenant.currency
        if are_counted(request.user, filters):
            found = figures.kept(CardCount.objects.of_source(filters.source))
        else:
            found = figures.counted(cards_for(request.user, filters))
        return Response(figures.kpis(found, default_currency=currency))
