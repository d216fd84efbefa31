"""What the columns of a list hold, for a file: numbers as numbers, moments as moments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from html import unescape
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.back_office_bar import label_of
from core.back_office_pages import PagedList

NUMBERS = (models.DecimalField, models.IntegerField, models.FloatField)
DAYS = (models.DateField,)  # and moments
TICKS = "action_checkbox"


@dataclass(frozen=True)
class Column:
    """A column of a file: what it is called, and what it holds of a row."""

    label: str
    read: Callable[[Any], Any]


def columns_of(found: PagedList) -> list[Column]:
    """The columns that a list shows, in its order; an amount is followed by its currency."""
    columns: list[Column] = []
    names = [name for name in found.list_display if name != TICKS]
    currencies = set(names)
    for name in names:
        columns.append(Column(capfirst(label_of(found.model_admin, name)), _reader(found, name)))
        currency = _currency_of(found.model, _path(found, name))
        if currency and currency not in currencies:
            currencies.add(currency)
            columns.append(Column(_("Currency"), partial(_follow, [currency])))
    return columns


def read_rows(found: PagedList, columns: list[Column], ids: list[int]) -> Iterable[list[Any]]:
    """Yield what the columns hold of the rows with these ids, in their order; of those that are
    not there any more, or out of sight by now, nothing."""
    rows = {row.pk: row for row in found.rows_with(ids)}
    for pk in ids:
        if pk in rows:
            yield [column.read(rows[pk]) for column in columns]


def _reader(found: PagedList, name: str) -> Callable[[Any], Any]:
    path = _path(found, name)
    field = _field_at(found.model, path)
    if field is not None and _is_value(field, path):
        return partial(_value_of, path)
    own = _field_at(found.model, [name])
    if own is not None:
        return partial(_shown_of, own)
    method = getattr(found.model_admin, name, None)
    if method is None:
        return partial(_text_of_own, name)
    return lambda row: _as_text(method(row))


def _path(found: PagedList, name: str) -> list[str]:
    """Where the value is that a column sorts by."""
    order = found.get_ordering_field(name)
    return str(order).removeprefix("-").split("__") if isinstance(order, str) else []


def _field_at(model: Any, path: list[str]) -> Any:
    field = None
    for name in path:
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model
    return field


def _is_value(field: Any, path: list[str]) -> bool:
    """Whether a column shows this field's value: a number of another table is but its order."""
    if isinstance(field, models.IntegerField) and (field.choices or len(path) > 1):
        return False
    return isinstance(field, (*NUMBERS, *DAYS)) and not field.is_relation


def _currency_of(model: Any, path: list[str]) -> str | None:
    """The field with the currency of an amount."""
    if len(path) != 1 or not isinstance(_field_at(model, path), models.DecimalField):
        return None
    for name in (f"{path[0]}_currency", "currency"):
        if _field_at(model, [name]) is not None:
            return name
    return None


def _follow(path: list[str], row: Any) -> Any:
    return reduce(lambda value, name: getattr(value, name, None), path, row)


def _value_of(path: list[str], row: Any) -> Any:
    value = _follow(path, row)
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value


def _shown_of(field: Any, row: Any) -> Any:
    if field.choices:
        return str(getattr(row, f"get_{field.attname}_display")())
    return _as_text(getattr(row, field.name))


def _text_of_own(name: str, row: Any) -> str:
    value = getattr(row, name)
    return _as_text(value() if callable(value) else value)


def _as_text(value: Any) -> Any:
    """What somebody reads in a cell."""
    if value is None or value == "-":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, SafeString):
        return unescape(strip_tags(value)).strip()
    if isinstance(value, list | tuple):  # a value with its label
        return _as_text(value[-1]) if value else ""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return value if isinstance(value, int | float) else str(value)
