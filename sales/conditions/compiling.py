"""Conditions as one query over contacts."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.search_text import like_pattern, search_needle
from prospects.pipeline.searching import SHORT
from sales.conditions.clock import Clock
from sales.conditions.comparing import compare
from sales.conditions.fields import find_field
from sales.conditions.reading import Conditions


def fulfilling(
    conditions: Conditions, people: Any, *, zone: tzinfo, at: datetime | None = None
) -> Any:
    """Narrow contacts to those that fulfil all of these conditions.

    :param conditions: as `read_conditions` returned them.
    :param zone: in which days begin and end.
    :param at: what time it is; None: now.
    """
    clock = Clock(at or timezone.now(), zone)
    for each in conditions:
        people = people.filter(_compiled(each, clock))
        if "field" in each:
            people = _narrowed(each, people)
    return people


def _compiled(condition: dict[str, Any], clock: Clock) -> Q:
    if "any" in condition:
        return reduce(or_, (_compiled(each, clock) for each in condition["any"]))
    if "all" in condition:
        return reduce(and_, (_compiled(each, clock) for each in condition["all"]))
    field = find_field(condition["field"])
    if field is None:
        raise LookupError(f"There is no field {condition['field']}.")
    return compare(field, condition["operator"], condition["value"], clock)


def _narrowed(condition: dict[str, Any], people: Any) -> Any:
    """Add what an index answers and follows from a condition that all must fulfil."""
    name, operator, value = condition["field"], condition["operator"], condition["value"]
    if name == "owner_id" and operator in ("=", "in"):
        return people.owned_by(*(value if operator == "in" else [value]))
    if name == "company_name" and operator in ("=", "contains", "starts_with"):
        needle = search_needle(value)
        if len(needle) >= SHORT:
            pattern = like_pattern(needle)
            return people.filter(prospect__deleted_at=None, prospect__search_text__like=pattern)
    return people
