"""Which rows come after one in an ordered list: lists of any size are read page after page by it.

An ordering is a tuple of columns, `-` for descending; the last one is unique and never null.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, F, Func, Q, Value


def rows_after(rows: Any, ordering: Sequence[str], values: Sequence[str | None]) -> Any:
    """Narrow a queryset to what comes after the row with these values.

    Where no column is ever null and all go one way it is one comparison of rows, which an index
    answers however many rows share the first value.
    """
    fields = [_never_null(rows.model, name.removeprefix("-")) for name in ordering]
    directions = {name.startswith("-") for name in ordering}
    if all(fields) and len(directions) == 1:
        return rows.filter(_row_beyond(fields, values, is_descending=directions.pop()))
    return rows.filter(following(ordering, values))


def _never_null(model: Any, name: str) -> Any:
    """The field of this name, if it is the row's own and never null."""
    try:
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist:  # of another table
        return None
    return field if field.concrete and not field.null else None


def _row_beyond(fields: Sequence[Any], values: Sequence[Any], *, is_descending: bool) -> Func:
    columns = [F(field.attname) for field in fields]
    known = [
        Value(value, output_field=_column_of(f)) for f, value in zip(fields, values, strict=True)
    ]
    sign = " < " if is_descending else " > "
    both = (_row(*columns), _row(*known))
    return Func(*both, template="%(expressions)s", arg_joiner=sign, output_field=BooleanField())


def _column_of(field: Any) -> Any:
    return field.target_field if field.is_relation else field


def _row(*parts: Any) -> Func:
    return Func(*parts, template="(%(expressions)s)", output_field=BooleanField())


def following(ordering: Sequence[str], values: Sequence[str | None]) -> Q:
    """The condition that rows come after one with these values, in PostgreSQL's order.

    Ascending, nulls come last; descending, first.
    """
    places = list(zip(ordering, values, strict=True))
    found = Q(pk__in=[])
    for number, (column, value) in enumerate(places):
        same = Q()
        for name, known in places[:number]:
            same &= _equal(name.removeprefix("-"), known)
        found |= same & _beyond(column, value)
    return found & _bound(*places[0])


def backwards(ordering: Sequence[str]) -> tuple[str, ...]:
    """The same order from its end."""
    return tuple(
        name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in ordering
    )


def _equal(name: str, value: str | None) -> Q:
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})


def _beyond(column: str, value: str | None) -> Q:
    name, is_descending = column.removeprefix("-"), column.startswith("-")
    if value is None:
        return Q(**{f"{name}__isnull": False}) if is_descending else Q(pk__in=[])
    if is_descending:
        return Q(**{f"{name}__lt": value})
    return Q(**{f"{name}__gt": value}) | Q(**{f"{name}__isnull": True})


def _bound(column: str, value: str | None) -> Q:
    """What is true of all that follow, in words that an index on the first column understands."""
    if value is None:
        return Q()
    name = column.removeprefix("-")
    if column.startswith("-"):
        return Q(**{f"{name}__lte": value})
    return Q(**{f"{name}__gte": value}) | Q(**{f"{name}__isnull": True})
