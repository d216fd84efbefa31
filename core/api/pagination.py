"""Pages of the sales API."""

from __future__ import annotations

from typing import Any

from django.core.paginator import InvalidPage
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from core.api.cursors import Cursor
from core.errors import InvalidInput

MAX_PAGE = 10**9


class PagePagination(PageNumberPagination):
    """`{data, links, meta}`; `per_page` defaults to 25 and is cut at 100.

    By number, or with `?cursor=` (empty for the first) one page after the other, uncounted.
    """

    page_size = 25
    max_page_size = 100
    page_size_query_param = "per_page"
    page: Any = None  # stays None with a cursor
    next_cursor: str | None = None
    request: Any

    def get_page_size(self, request: Any) -> int:
        asked = request.query_params.get("per_page")
        if asked is None:
            return self.page_size
        number = _read_number(asked)
        if not number:
            raise InvalidInput.of("per_page", "Must be a number from 1 to 100.")
        return min(number, self.max_page_size)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.request = request
        cursor = request.query_params.get("cursor")
        if cursor is not None:
            return self._after(cursor, queryset)
        paginator = self.django_paginator_class(queryset, self.get_page_size(request))
        number = _read_number(request.query_params.get("page", "1"))
        if not 1 <= number <= MAX_PAGE:
            raise InvalidInput.of("page", f"Must be a number from 1 to {MAX_PAGE}.")
        try:
            self.page = paginator.page(number)
        except InvalidPage:
            self.page = _EmptyPage([], number, paginator)
        return list(self.page)

    def _after(self, given: str, queryset: Any) -> list[Any]:
        """What follows a cursor: ids where only these are asked for, else rows."""
        size, ordering = self.get_page_size(self.request), queryset.query.order_by
        cursor = Cursor(self.request, ordering)
        rows = cursor.rest(queryset, given) if given else queryset
        places = list(rows.values_list(*(name.removeprefix("-") for name in ordering))[: size + 1])
        if len(places) > size:
            self.next_cursor = cursor.after(places[size - 1])
        ids = [place[-1] for place in places[:size]]
        if queryset._fields == ("pk",):
            return ids
        found = queryset.model.objects.in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def get_paginated_response(self, data: Any) -> Response:
        if self.page is None:
            return self._uncounted(data)
        page, paginator = self.page, self.page.paginator
        last = max(paginator.num_pages, 1)
        first_row = page.start_index() if data else None
        return Response(
            {
                "data": data,
                "links": {
                    "first": self._url(1),
                    "last": self._url(last),
                    "prev": self._url(page.number - 1) if page.number > 1 else None,
                    "next": self._url(page.number + 1) if page.number < last else None,
                },
                "meta": {
                    "current_page": page.number,
                    "from": first_row,
                    "last_page": last,
                    "path": self.request.build_absolute_uri(self.request.path),
                    "per_page": paginator.per_page,
                    "to": first_row + len(data) - 1 if first_row else None,
                    "total": paginator.count,
                },
            }
        )

    def _uncounted(self, data: Any) -> Response:
        path = self.request.build_absolute_uri(self.request.path)
        size, after = self.get_page_size(self.request), self.next_cursor
        links = {"first": self._link(cursor=""), "last": None, "prev": None}
        return Response(
            {
                "data": data,
                "links": {**links, "next": self._link(cursor=after) if after else None},
                "meta": {"path": path, "per_page": size, "next_cursor": after},
            }
        )

    def _url(self, number: int) -> str:
        return self._link(page=str(number))

    def _link(self, **changes: str) -> str:
        query = self.request.query_params.copy()
        for name, value in changes.items():
            query[name] = value
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "integer"}
        link: dict[str, Any] = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["data", "links", "meta"],
            "properties": {
                "data": schema,
                "links": {
                    "type": "object",
                    "properties": dict.fromkeys(("first", "last", "prev", "next"), link),
                },
                "meta": {
                    "type": "object",
                    "properties": {
                        **dict.fromkeys(("current_page", "last_page", "per_page", "total"), number),
                        **{key: {"type": ["integer", "null"]} for key in ("from", "to")},
                        "next_cursor": {
                            "type": ["string", "null"],
                            "description": "With `cursor` only, instead of totals and numbers.",
                        },
                        "path": {"type": "string", "format": "uri"},
                    },
                },
            },
        }


def _read_number(text: str) -> int:
    """Return a positive whole number (more than 18 digits: a huge one); 0 for anything else."""
    if not text.isascii() or not text.isdigit():
        return 0
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= 18 else 10**18


class _EmptyPage:
    """A page after the last one: no rows, but its number and totals are told."""

    def __init__(self, rows: list[Any], number: int, paginator: Any) -> None:
        self.rows, self.number, self.paginator = rows, number, paginator

    def __iter__(self) -> Any:
        return iter(self.rows)

    def start_index(self) -> int:
        return 0
