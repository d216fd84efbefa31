"""The rows of a list as its user filtered them: one answer for its page, for what is done to all of
them, for exports, jobs and commands.

A list is named by its model (`prospects.prospect`), what is asked of it is its page's query string.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import HttpRequest, QueryDict
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from unfold.contrib.filters.admin import RangeNumericFilter

from core.back_office_filters import DayRangeFilter, read_day
from core.back_office_pages import COLUMNS, KEPT, PLACES, PagedList
from core.errors import InvalidInput, NotAllowed, NotFound

LONGEST_QUERY = 4000
PASSING = (*PLACES, PAGE_VAR, ERROR_FLAG, ALL_VAR, IS_POPUP_VAR)  # no part of what is asked


def name_of_list(page: Any) -> str:
    """What a list is called: by its model."""
    return str(page.opts.label_lower)


def find_list(name: str) -> Any:
    """Return the page of the back office that a list is.

    :raises NotFound: there is no such list.
    """
    for model, page in admin.site._registry.items():
        if model._meta.label_lower == name:
            return page
    raise NotFound(_("There is no such list."))


def open_list(name: str, *, user: Any, query: str) -> PagedList:
    """Return a list as a user sees it who asks this: `queryset` are all of its rows, in its order.

    Call it in the tenant, language and time zone of the user: days are read by them.

    :raises NotFound: there is no such list.
    :raises NotAllowed: the user may not look at it.
    :raises InvalidInput: something that it asks for does not exist any more; the message says what.
    """
    page = find_list(name)
    request = request_of(page, user, query)
    if not page.has_view_or_change_permission(request):
        raise NotAllowed(_("You may not look at this list."))
    try:
        found: PagedList = page.get_changelist_instance(request)
    except (IncorrectLookupParameters, SuspiciousOperation, ValidationError) as error:
        raise InvalidInput(_("The list has no such filter any more.")) from error
    refuse_lost(found)
    return found


def address_of(page: Any) -> str:
    """Where a list is."""
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")


def request_of(page: Any, user: Any, query: str) -> HttpRequest:
    """The request that asks for a list, but for its page."""
    request = HttpRequest()
    request.method, request.path = "GET", address_of(page)
    request.resolver_match = resolve(request.path)
    request.GET = clean_query(query)  # type: ignore[assignment]
    request.user = user
    request.is_whole_list = True  # type: ignore[attr-defined]
    return request


def clean_query(query: str) -> QueryDict:
    """What a query string asks of a list, without where on it somebody is.

    :raises InvalidInput: it is too long, or holds what no text may hold.
    """
    if len(query) > LONGEST_QUERY or "\0" in query or "%00" in query:
        raise InvalidInput(_("This cannot be asked of a list."))
    asked = QueryDict(query.removeprefix("?"), mutable=True)
    for name in PASSING:
        asked.pop(name, None)
    return asked


def refuse_lost(found: PagedList) -> None:
    """Refuse filters whose choice is gone: Django shows all rows for some of them.

    :raises InvalidInput: naming the filters.
    """
    asked = found.get_filters_params()
    lost = [str(spec.title) for spec in found.filter_specs if not is_known(spec, asked)]
    lost += sorted(found.lost_filters)
    columns = [name for name in found.params.get(COLUMNS, "").split(",") if name]
    lost += [name for name in columns if name not in found.list_display]
    if lost:
        listed = ", ".join(lost)
        raise InvalidInput(_("What it asks for does not exist any more: %s.") % listed)


def is_known(spec: Any, asked: dict[str, list[str]]) -> bool:
    """Whether a filter understands all that is asked of it."""
    given = {name: asked[name] for name in spec.expected_parameters() if any(asked.get(name, ()))}
    values = [value for each in given.values() for value in each if value]
    if not values:
        return True
    if hasattr(spec, "understands"):
        return bool(spec.understands(values))
    if isinstance(spec, DayRangeFilter):
        return all(read_day(value) for value in values)
    if isinstance(spec, RangeNumericFilter):
        return all(value.lstrip("-").replace(".", "", 1).isdecimal() for value in values)
    if isinstance(spec, admin.RelatedFieldListFilter):
        if set(given) <= {spec.lookup_kwarg_isnull}:
            return True
        return set(values) <= {str(pk) for pk, _label in spec.lookup_choices}
    if isinstance(spec, admin.ChoicesFieldListFilter):
        return set(values) <= {str(key) for key, _label in spec.field.flatchoices}
    if isinstance(spec, admin.SimpleListFilter):
        return set(values) <= {str(key) for key, _label in spec.lookup_choices}
    if isinstance(spec, admin.BooleanFieldListFilter):
        return set(values) <= {"0", "1", "True", "False"}
    return True


def shape_of(found: PagedList) -> tuple[str, list[str], list[str]]:
    """Take apart what is asked of a list: its filters as a query string, columns, sort.

    Columns are named, `-` for descending: a list that gets another column sorts by the same one.
    """
    filters = QueryDict(mutable=True)
    for name, values in sorted(found.filter_params.items()):
        if name not in (*PASSING, *KEPT, ORDER_VAR) and any(values):
            filters.setlist(name, values)
    asked = found.params.get(COLUMNS, "").split(",")
    columns = [name for name in found.list_display if name in asked]
    sorts = found.get_ordering_field_columns() if found.params.get(ORDER_VAR) else {}
    sort = [
        ("-" if direction == "desc" else "") + found.list_display[number]
        for number, direction in sorts.items()
        if 0 <= number < len(found.list_display)
    ]
    return filters.urlencode(), columns, sort


def query_of(name: str, *, user: Any, filters: str, columns: list[str], sort: list[str]) -> str:
    """Put together what shape_of took apart, as the list's page is asked now.

    :raises NotFound: there is no such list.
    :raises InvalidInput: it cannot be sorted so any more.
    """
    asked = clean_query(filters)
    if columns:
        asked[COLUMNS] = ",".join(columns)
    if sort:
        page = find_list(name)
        request = request_of(page, user, asked.urlencode())
        shown = list(page.get_list_display(request))
        if not {part.removeprefix("-") for part in sort} <= set(shown):
            raise InvalidInput(_("It cannot be sorted like this any more."))
        before = 1 if page.get_actions(request) else 0  # the column of boxes to tick
        asked[ORDER_VAR] = ".".join(
            ("-" if part[0] == "-" else "") + str(shown.index(part.removeprefix("-")) + before)
            for part in sort
        )
    return str(asked.urlencode())
