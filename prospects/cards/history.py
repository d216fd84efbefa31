"""A card's past: who changed what, when, and through which door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

from accounts.users.models import User
from prospects.pipeline.models import Prospect

LATEST = 50
# Bookkeeping beside the change that it follows from.
_UNTOLD = {"id", "tenant", "created_at", "category_changed_at"}


@dataclass(frozen=True)
class Difference:
    """One column that changed: its label, and its values in words."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """What one write did to a card."""

    at: datetime
    who: str
    door: str
    differences: list[Difference]


def changes_of(card: Prospect) -> list[Change]:
    """The latest changes of a card, newest first.

    Each event holds the row as it was: what it became stands in the event after it, or in the card.
    """
    event = apps.get_model("prospects", "ProspectEvent")
    olds = list(event.objects.filter(pgh_obj_id=card.pk).order_by("-pgh_id")[:LATEST])
    pairs = list(zip(olds, [card, *olds], strict=False))
    names = _names_of(pairs)
    changes = [_change(old, new, names) for old, new in pairs]
    return [change for change in changes if change.differences]


Pairs = Sequence[tuple[Any, Any]]
Names = dict[type[models.Model], dict[int, str]]


def _change(old: Any, new: Any, names: Names) -> Change:
    context = old.pgh_context or {}
    differences = [
        Difference(
            str(field.verbose_name), _in_words(field, old, names), _in_words(field, new, names)
        )
        for field in _changed_fields(old, new)
    ]
    who = names.get(User, {}).get(context.get("user") or 0, "")
    return Change(old.pgh_created_at, who, context.get("door", ""), differences)


def _changed_fields(old: Any, new: Any) -> list[models.Field]:
    kept = {field.name for field in old._meta.concrete_fields}
    return [
        field
        for field in Prospect._meta.concrete_fields
        if field.name in kept - _UNTOLD
        and getattr(old, field.attname) != getattr(new, field.attname)
    ]


def _in_words(field: models.Field, row: Any, names: Names) -> Any:
    value = getattr(row, field.attname)
    if value is not None and field.is_relation:
        return names[field.related_model].get(value, f"#{value}")  # type: ignore[index]
    return dict(field.flatchoices).get(value, value)


def _names_of(pairs: Pairs) -> Names:
    """Everything that the changes point at, by name: one query for each table."""
    ids: dict[Any, set[int]] = defaultdict(set)
    for old, new in pairs:
        ids[User].update(_ids([(old.pgh_context or {}).get("user")]))
        for field in _changed_fields(old, new):
            if field.is_relation:
                values = [getattr(row, field.attname) for row in (old, new)]
                ids[field.related_model].update(_ids(values))
    return {
        model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=wanted)}
        for model, wanted in ids.items()
        if wanted
    } | {model: {} for model, wanted in ids.items() if not wanted}


def _ids(values: Iterable[Any]) -> set[int]:
    return {value for value in values if isinstance(value, int)}
