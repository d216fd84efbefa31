"""Conditions as they are sent, read into those that are kept; errors name the place."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from core.errors import InvalidInput
from core.values import InvalidValue, clean_text
from sales.conditions.fields import Field, find_field
from sales.conditions.operators import OPERATORS
from sales.conditions.values import read_value

MOST_CONDITIONS = 50
DEEPEST = 3  # groups within groups
GROUPS = ("any", "all")
LONGEST_NAME = 150
_LONGEST_SHOWN = 60

Conditions = list[dict[str, Any]]


def read_conditions(sent: Any, zone: tzinfo, *, name: str = "conditions") -> Conditions:
    """Return conditions as they are kept: known fields and operators, values of the right type.

    All of them are to hold; of a group `{"any": [...]}` one, of `{"all": [...]}` all.

    :param zone: in which moments without an offset are meant.
    :param name: what to call them in an error: `conditions.1.any.0.operator`.
    :raises InvalidInput: the first that is wrong, by its place.
    """
    read = _read_list(sent, name, zone, depth=0)
    if _count(read) > MOST_CONDITIONS:
        raise InvalidInput.of(name, f"At most {MOST_CONDITIONS} conditions.")
    return read


def _read_list(sent: Any, place: str, zone: tzinfo, depth: int) -> Conditions:
    if not isinstance(sent, list):
        raise InvalidInput.of(place, "Must be a list of conditions.")
    if len(sent) > MOST_CONDITIONS:
        raise InvalidInput.of(place, f"At most {MOST_CONDITIONS} conditions.")
    return [_read(each, f"{place}.{number}", zone, depth) for number, each in enumerate(sent)]


def _read(sent: Any, place: str, zone: tzinfo, depth: int) -> dict[str, Any]:
    if not isinstance(sent, dict):
        raise InvalidInput.of(place, "Must be an object with field, operator and value.")
    group = next((name for name in GROUPS if name in sent), None)
    if group is None:
        return _read_one(sent, place, zone)
    if len(sent) > 1:
        raise InvalidInput.of(place, f"A group has {group} and nothing else.")
    if depth == DEEPEST:
        raise InvalidInput.of(place, f"At most {DEEPEST} groups within each other.")
    inner = _read_list(sent[group], f"{place}.{group}", zone, depth + 1)
    if not inner:
        raise InvalidInput.of(f"{place}.{group}", "A group needs at least one condition.")
    return {group: inner}


def _read_one(sent: dict[str, Any], place: str, zone: tzinfo) -> dict[str, Any]:
    field = _read_field(sent.get("field"), f"{place}.field")
    operator = _read_operator(sent.get("operator"), field, f"{place}.operator")
    try:
        value = read_value(field, operator, sent.get("value"), zone)
    except InvalidValue as error:
        raise InvalidInput.of(f"{place}.value", f"It {error}.") from error
    return {"field": field.name, "operator": operator, "value": value}


def _read_field(name: Any, place: str) -> Field:
    try:
        field = find_field(clean_text(name, LONGEST_NAME)) if isinstance(name, str) else None
    except InvalidValue:  # characters that no name has
        field = None
    if field is None:
        raise InvalidInput.of(place, f"There is no field {_shown(name)}.")
    return field


def _read_operator(name: Any, field: Field, place: str) -> str:
    known = OPERATORS[field.kind]
    if not isinstance(name, str) or name not in known:
        raise InvalidInput.of(
            place, f"{field.name} has no operator {_shown(name)}; it has: {', '.join(known)}."
        )
    return name


def _shown(name: Any) -> str:
    return (
        repr(name.encode("utf-8", "replace").decode().replace("\0", "")[:_LONGEST_SHOWN])
        if isinstance(name, str)
        else "like this"
    )


def _count(conditions: Conditions) -> int:
    return sum(
        _count(each["any"] if "any" in each else each["all"])
        if "any" in each or "all" in each
        else 1
        for each in conditions
    )
