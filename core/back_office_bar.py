"""The bar above a list: its columns, and what the apps above add to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.core.exceptions import FieldDoesNotExist

from core.back_office_pages import COLUMNS
from core.tenancy import current_tenant

FillPart = Callable[[Any, Any], dict[str, Any]]
_parts: dict[str, FillPart] = {}


def add_to_lists(template: str, fill: FillPart) -> None:
    """Put something above every list, when its app is loaded.

    :param fill: (admin, request) → what the template shows as `part`; empty: nothing is shown.
    """
    _parts[template] = fill


def parts_of(admin: Any, request: Any) -> list[dict[str, Any]]:
    """What stands above a list for whoever asks."""
    if request.method != "GET" or current_tenant() is None:
        return []
    filled = [{"template": name, **fill(admin, request)} for name, fill in _parts.items()]
    columns = {"template": "back_office/columns.html", "columns": offered(admin, request)}
    return [part for part in (*filled, columns) if len(part) > 1]


def chosen_columns(admin: Any, request: Any) -> list[str]:
    """The columns that the address asks for, of those that the list has, in that order."""
    asked = request.GET.get(COLUMNS, "").split(",")
    known = set(admin.columns_offered(request)) if any(asked) else set()
    found = [name for name in dict.fromkeys(asked) if name in known]
    if not found:
        return []
    return [*found, *(name for name in admin.list_editable if name not in found)]


def offered(admin: Any, request: Any) -> list[dict[str, Any]]:
    """Each column that a list can show, what it is called and whether it is shown, as it stands."""
    everything = admin.columns_offered(request)
    shown = [name for name in admin.get_list_display(request) if name in everything]
    names = [*shown, *(name for name in everything if name not in shown)]
    return [
        {"name": name, "label": label_of(admin, name), "is_shown": name in shown} for name in names
    ]


def label_of(admin: Any, column: str) -> str:
    """What a column is called in its list."""
    return str(label_for_field(column, admin.model, model_admin=admin))


def related_of(options: Any, columns: Iterable[str]) -> Collection[str]:
    """Those of some columns that are rows of another table, to be read with the list."""
    found = []
    for name in columns:
        try:
            field = options.get_field(name)
        except FieldDoesNotExist:  # a method
            continue
        if field.is_relation and not field.many_to_many:
            found.append(name)
    return sorted(found)
