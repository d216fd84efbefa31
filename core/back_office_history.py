"""A row's past, for people: who changed what, when, and through which door.

The triggers of django-pghistory keep each earlier state of a row. What it became stands in the
state after it, or in the row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LATEST = 50
# Bookkeeping beside the change that it follows from.
UNTOLD = frozenset(("id", "tenant", "created_at", "category_changed_at"))
DOORS = {
    "admin": gettext_lazy("back office"),
    "mcp": gettext_lazy("agent (MCP)"),
    "crm-api": gettext_lazy("CRM API"),
    "sales-api": gettext_lazy("sales API"),
    "link": gettext_lazy("link in a mail"),
    "form": gettext_lazy("web form"),
    "command": gettext_lazy("command"),
    "task": gettext_lazy("background work"),
}


@dataclass(frozen=True)
class Difference:
    """One column that changed: its label, and its values in words."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """What one write did to a row."""

    id: int
    at: datetime
    who: str
    door: str
    differences: list[Difference]


def event_model(model: type[models.Model]) -> Any:
    """Return the table of a model's past states, or None: they are not kept."""
    return getattr(model, "pgh_event_model", None)


def changes_of(row: Any, *, seen_by: Any) -> list[Change]:
    """The latest changes of a row, newest first. What they point at is named to who may see it."""
    pairs = pairs_of(row)
    names = names_of(pairs, seen_by)
    changes = [_change(old, new, names) for old, new in pairs]
    return [change for change in changes if change.differences]


Pairs = Sequence[tuple[Any, Any]]
Names = dict[type[models.Model], dict[int, str]]


def pairs_of(row: Any) -> Pairs:
    """The latest states of a row, each with what it became."""
    events = event_model(type(row)).objects
    olds = list(events.filter(pgh_obj_id=row.pk).order_by("-pgh_id")[:LATEST])
    return list(zip(olds, [row, *olds], strict=False))


def state_and_next(row: Any, event_id: int) -> tuple[Any, Any] | None:
    """Return one earlier state of a row and what it became, or None: it was never such."""
    events = event_model(type(row)).objects.filter(pgh_obj_id=row.pk)
    old = events.filter(pgh_id=event_id).first()
    if old is None:
        return None
    return old, events.filter(pgh_id__gt=event_id).order_by("pgh_id").first() or row


def changed_fields(old: Any, new: Any, untold: Collection[str] = UNTOLD) -> list[models.Field]:
    """The columns that differ between two states."""
    kept = {field.name for field in old._meta.concrete_fields}
    model = type(new) if not hasattr(new, "pgh_id") else new.pgh_tracked_model
    return [
        field
        for field in model._meta.concrete_fields
        if field.name in kept - set(untold)
        and getattr(old, field.attname) != getattr(new, field.attname)
    ]


def door_in_words(door: str) -> str:
    """What people call a door (core.audit.acting)."""
    kind, _colon, name = door.partition(":")
    shown = str(DOORS.get(kind, kind))
    return f"{shown} ({name})" if name else shown


def _change(old: Any, new: Any, names: Names) -> Change:
    context = old.pgh_context or {}
    differences = [
        Difference(
            str(field.verbose_name), in_words(field, old, names), in_words(field, new, names)
        )
        for field in changed_fields(old, new)
    ]
    who = _who(context, names)
    door = door_in_words(context.get("door", ""))
    return Change(old.pgh_id, old.pgh_created_at, who, door, differences)


def _who(context: dict[str, Any], names: Names) -> str:
    """Who it was; of a program that acted for somebody, which one."""
    user = names.get(get_user_model(), {}).get(context.get("user") or 0, "")
    if context.get("agent"):
        return _("agent %(agent)s for %(user)s") % {"agent": context["agent"], "user": user}
    return user


def in_words(field: Any, row: Any, names: Names) -> Any:
    """What stands in a column, as people call it."""
    value = getattr(row, field.attname)
    if value is not None and field.is_relation:
        return names[field.related_model].get(value, f"#{value}")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return dict(field.flatchoices).get(value, value)


def names_of(pairs: Pairs, seen_by: Any) -> Names:
    """Everything that the changes point at, by name: one query for each table."""
    ids: dict[Any, set[int]] = defaultdict(set)
    for old, new in pairs:
        ids[get_user_model()].update(_ids([(old.pgh_context or {}).get("user")]))
        for field in changed_fields(old, new):
            if field.is_relation:
                values = [getattr(row, field.attname) for row in (old, new)]
                ids[field.related_model].update(_ids(values))
    return {
        model: {row.pk: str(row) for row in _rows_of(model, seen_by).filter(pk__in=wanted)}
        for model, wanted in ids.items()
        if wanted
    } | {model: {} for model, wanted in ids.items() if not wanted}


def _rows_of(model: Any, seen_by: Any) -> Any:
    rows = model._default_manager.all()
    return rows.visible_to(seen_by) if hasattr(rows, "visible_to") else rows


def _ids(values: Iterable[Any]) -> set[int]:
    return {value for value in values if isinstance(value, int)}
