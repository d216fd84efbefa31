"""What a merge is about, in the words of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst

from clients.merging.relations import key_of
from clients.merging.services import Plan
from clients.merging.values import FIELDS, FROM, SURVIVOR
from prospects.pipeline.models import Prospect

FIELD = "field_{name}"  # of the form, for each of FIELDS


@dataclass(frozen=True)
class Row:
    """A field in which two cards differ. Without a choice the value that there is survives."""

    name: str
    label: str
    ours: str
    theirs: str
    choice: str
    may_choose: bool


def chosen_in(sent: Mapping[str, str]) -> dict[str, str]:
    """Whose value was chosen to survive, by field."""
    given = {name: sent.get(FIELD.format(name=name)) for name in FIELDS}
    return {name: choice for name, choice in given.items() if choice in (FROM, SURVIVOR)}


def differing_rows(card: Prospect, other: Prospect, chosen: Mapping[str, str]) -> list[Row]:
    """The fields in which two cards differ."""
    rows = []
    for name in FIELDS:
        ours, theirs = in_words(card, name), in_words(other, name)
        if ours == theirs:
            continue
        filled = FROM if not ours else SURVIVOR
        may_choose = bool(ours and theirs)
        choice = chosen.get(name, SURVIVOR) if may_choose else filled
        field = FIELD.format(name=name)
        rows.append(Row(field, label_of_field(name), ours, theirs, choice, may_choose))
    return rows


def other_rows(plan: Plan) -> list[tuple[str, str, str]]:
    """The survivor's fields that change: label, before, after."""
    after = Prospect(**{**plan.before, **plan.changes})
    before = Prospect(**plan.before)
    changed = [n for n, columns in FIELDS.items() if plan.changes.keys() & set(columns)]
    return [(label_of_field(n), in_words(before, n), in_words(after, n)) for n in changed]


def moved_rows(moves: Mapping[str, Iterable[int]]) -> list[tuple[str, int]]:
    """How many rows of which kind move."""
    return [
        (capfirst(key_of(label).model._meta.verbose_name_plural), len(list(ids)))
        for label, ids in moves.items()
    ]


def label_of_field(name: str) -> str:
    """What the back office calls a field."""
    return capfirst(str(_field(FIELDS[name][-1]).verbose_name))


def in_words(card: Prospect, name: str) -> str:
    """A card's value of a field, as people read it; "" for none."""
    column = FIELDS[name][-1]
    field, value = _field(column), getattr(card, column)
    if value in ("", None):
        return ""
    if name == "phone":
        return card.e164
    if field.is_relation:
        return str(getattr(card, field.name))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(localize(timezone.localtime(value) if hasattr(value, "hour") else value))


def _field(column: str) -> Any:
    return Prospect._meta.get_field(column)
