"""Lists of any size in the back office: counted up to a limit, read page after page.

A page is found by where the one before it ended (`?after=`, `?before=`), never by skipping rows, so
that the last of a million costs what the first does, and its address may be kept. A large list is
sorted only by what an index serves.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import build_q_object_from_lookup_parameters
from django.contrib.admin.views.main import ORDER_VAR
from django.core import signing
from django.core.paginator import Paginator
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from core.keysets import backwards, rows_after

MOST_COUNTED = 10_000
AFTER, BEFORE, COLUMNS, VIEW = "after", "before", "cols", "view"
PLACES = (AFTER, BEFORE)
KEPT = (COLUMNS, VIEW)  # say how a list is shown, not which rows
SALT = "core.back_office_pages"


class Pages(Paginator):
    """Rows that are counted already, or as far as anybody counts."""

    template_name = "back_office/pages.html"

    def __init__(self, rows: Any, size: int, count: int) -> None:
        super().__init__(rows, size)
        self.count = count  # type: ignore[misc]


class PagedList(ChangeList):
    """A list as its user asked for it."""

    is_large = False  # more rows than are sorted by just anything
    is_capped = False  # more rows than are counted
    refused_sort = False
    lost_filters: dict[str, Any]
    queryset: Any
    page_urls: dict[str, str]

    # Which rows ------------------------------------------------------------------------------
    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        given = super().get_filters_params(params)
        return {name: value for name, value in given.items() if name not in (*PLACES, *KEPT)}

    def get_filters(self, request: Any) -> Any:
        """Django passes over a filter that has nothing to choose from, and shows more rows then
        than were asked for: what it leaves out is asked for all the same."""
        specs, has, remaining, doubles, active = super().get_filters(request)
        known = {name for spec in specs for name in spec.expected_parameters()}
        given = self.get_filters_params()
        self.lost_filters = {
            name: value for name, value in given.items() if name not in {*known, *remaining}
        }
        return specs, has, remaining, doubles, active

    def get_queryset(self, request: Any, exclude_parameters: Any = None) -> Any:
        for name in PLACES:
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        rows = super().get_queryset(request, exclude_parameters)
        lost = {name: value for name, value in self.lost_filters.items() if any(value)}
        try:
            return rows.filter(build_q_object_from_lookup_parameters(lost)) if lost else rows
        except Exception as error:  # as Django does: whatever it is, it cannot be asked
            raise IncorrectLookupParameters(error) from error

    # In which order --------------------------------------------------------------------------
    def get_ordering(self, request: Any, queryset: Any) -> list[Any]:
        """Without the order that the rows have already, which says the same again."""
        has_default = self.model_admin.get_ordering(request)
        return super().get_ordering(request, queryset.order_by() if has_default else queryset)

    def _get_deterministic_ordering(self, ordering: Any) -> list[Any]:
        """End on the key in the direction of the last column, as indexes do."""
        ordering = list(ordering)
        if {"pk", "-pk"} & set(ordering):  # Django does not see that this is the key
            return ordering
        complete = list(super()._get_deterministic_ordering(ordering))
        is_ascending = ordering and isinstance(ordering[-1], str) and ordering[-1][0] != "-"
        if len(complete) > len(ordering) and is_ascending:
            complete[-1] = "pk"
        return complete

    def _sort_by_index(self, request: Any) -> None:
        """Of a large list leave only the sorts that an index serves."""
        served = self.model_admin.sorts_when_large
        self.sortable_by = [name for name in self.list_display if name in served]
        asked = self.get_ordering_field_columns() if self.params.get(ORDER_VAR) else {}
        columns = {self.list_display[n] for n in asked if 0 <= n < len(self.list_display)}
        if columns - set(served) or len(columns) > 1:
            self.refused_sort = True
            self.params.pop(ORDER_VAR)
            self.filter_params.pop(ORDER_VAR)
            self.queryset = self.queryset.order_by(*self.get_ordering(request, self.root_queryset))

    # A page of it ----------------------------------------------------------------------------
    def get_results(self, request: Any) -> None:
        if getattr(request, "is_whole_list", False):  # nobody looks at a page of it
            return
        known = self.model_admin.known_count(request, self)
        count = count_some(self.queryset) if known is None else known
        self.is_large = count > MOST_COUNTED
        self.is_capped = known is None and self.is_large
        self.result_count = min(count, MOST_COUNTED) if self.is_capped else count
        if self.is_large:
            self._sort_by_index(request)
        self.page_urls = {}
        self.full_result_count, self.show_full_result_count = self.result_count, False
        self.show_admin_actions = True
        self.paginator = Pages(self.queryset, self.list_per_page, self.result_count)
        self.can_show_all = count <= self.list_max_show_all
        self.multi_page = count > self.list_per_page
        if (self.show_all and self.can_show_all) or not self.multi_page:
            self.result_list = self.queryset[: self.list_max_show_all]
        else:
            self.result_list = self._read_page(request)

    def _read_page(self, request: Any) -> Any:
        ordering = tuple(self.queryset.query.order_by)
        before, place = request.GET.get(BEFORE), None
        for text in (request.GET.get(AFTER), before):
            place = read_place(text, ordering) if text else place
        is_backwards = before is not None and (place is not None or before == "")
        wanted = backwards(ordering) if is_backwards else ordering
        rows = self.queryset.order_by(*wanted)
        if place is not None:
            rows = rows_after(rows, wanted, place)
        columns = [name.removeprefix("-") for name in ordering]
        found = list(rows.values_list(*columns, "pk")[: self.list_per_page + 1])
        has_more, found = len(found) > self.list_per_page, found[: self.list_per_page]
        if is_backwards:
            found.reverse()
        self._link_pages(ordering, found, has_more, is_backwards, place is not None)
        return self._rows_of([row[-1] for row in found])

    def _link_pages(
        self, ordering: Any, found: list[Any], has_more: bool, is_backwards: bool, is_inside: bool
    ) -> None:
        """Where the pages around this one are."""
        has_previous = has_more if is_backwards else is_inside
        has_next = is_inside if is_backwards else has_more
        urls = {}
        if has_previous:
            urls["first"] = self.get_query_string()
            if found:
                first = write_place(ordering, found[0][:-1])
                urls["previous"] = self.get_query_string({BEFORE: first})
        if has_next and found:
            last = write_place(ordering, found[-1][:-1])
            urls["next"] = self.get_query_string({AFTER: last})
        if has_next:
            urls["last"] = self.get_query_string({BEFORE: ""})
        self.page_urls = urls

    def rows_with(self, ids: list[Any]) -> Any:
        """Those of the rows with these ids that the user sees, with what the list shows."""
        shown = self.root_queryset.filter(pk__in=ids)
        return shown if shown.query.select_related else self.apply_select_related(shown)

    def _rows_of(self, ids: list[Any]) -> Any:
        """The rows of a page, in their order."""
        shown = self.rows_with(ids)
        if self.list_editable:  # forms are made of a queryset
            return shown.order_by(*self.queryset.query.order_by)
        rows = {row.pk: row for row in shown}
        return [rows[pk] for pk in ids if pk in rows]

    # What is said of it ----------------------------------------------------------------------
    @property
    def count_text(self) -> str:
        """How many rows there are, or that there are more than are counted."""
        return _in_words(self.result_count, is_capped=self.is_capped)

    @property
    def sort_note(self) -> str:
        """What is said where a large list was to be sorted by something no index serves."""
        if not self.refused_sort:
            return ""
        most = number_format(MOST_COUNTED, force_grouping=True)
        return _("More than %s rows are sorted by date only: filter them first.") % most


def count_some(rows: Any) -> int:
    """How many rows there are; counting stops just after MOST_COUNTED."""
    return int(rows.order_by()[: MOST_COUNTED + 1].count())


def count_text(rows: Any) -> str:
    """How many rows there are, or that there are more than are counted."""
    count = count_some(rows)
    return _in_words(min(count, MOST_COUNTED), is_capped=count > MOST_COUNTED)


def _in_words(count: int, *, is_capped: bool) -> str:
    number = number_format(count, force_grouping=True)
    return f"{number}+" if is_capped else number


def write_place(ordering: Any, values: Any) -> str:
    """A place in a list, signed: nobody asks the database to compare with what they like."""
    texts = [None if value is None else str(value) for value in values]
    return signing.dumps([list(ordering), texts], salt=SALT)


def read_place(text: str, ordering: Any) -> list[str | None] | None:
    """The values of the row that a place names; None if it is of another order, or none of ours."""
    try:
        known, values = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return values if known == list(ordering) else None
