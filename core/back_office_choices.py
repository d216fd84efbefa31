"""Choices of rows in the back office: nobody reads by them what they do not see elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import signature
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

LONGEST_ID = 18  # digits that surely fit
LONGEST_KEY = 36  # characters: a UUID's


def row_ids(values: Iterable[Any] | None) -> list[int]:
    """Those of some values that can be ids of rows."""
    texts = [str(value) for value in values or () if value not in (None, "")]
    return [int(t) for t in texts if t.isascii() and t.isdecimal() and len(t) <= LONGEST_ID]


def drop_what_is_no_id(request: Any, key: Any) -> None:
    """Leave those of the ticked rows of a list that can be ids: Django would fail on others."""
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    ids = [text for text in ticked if _can_be(key, text)]
    if len(ids) < len(ticked):
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, ids)


def _can_be(key: Any, text: str) -> bool:
    try:
        key.to_python(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_KEY


class LookedUp:
    """Mixed into widgets that look rows up while one types: what is no id is shown as nothing."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [str(pk) for pk in row_ids(value)], attr)  # type: ignore[misc]


class LookUp(LookedUp, AutocompleteSelect):
    """One row, looked up while one types."""


class SeenChoices:
    """Mixed into pages and inlines: only rows that the user sees are offered, taken and named.

    A form that is shown again names what was chosen, whatever id was sent.
    """

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        me: Any = self
        rows = db_field.remote_field.model._default_manager
        is_looked_up = db_field.name in me.get_autocomplete_fields(request)
        if is_looked_up:
            using = kwargs.get("using")
            kwargs.setdefault("widget", LookUp(db_field, me.admin_site, using=using))
        if hasattr(rows, "visible_to"):
            kwargs["queryset"] = seen_by(request.user, rows, are_few=is_looked_up)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


def seen_by(user: Any, rows: Any, *, are_few: bool) -> Any:
    """Return the rows that a user sees.

    :param are_few: they are looked up by their ids; said to those whom it makes a difference.
    """
    if are_few and "are_few" in signature(rows.visible_to).parameters:
        return rows.visible_to(user, are_few=True)
    return rows.visible_to(user)
