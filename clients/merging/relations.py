"""What hangs on a card, found in the models' relations, and how it moves to another card.

A relation without a rule stops every merge, and a test before that: nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from core.models import TenantEvent
from prospects.pipeline.models import Prospect

Which = Callable[[Any, int, int], Any]  # (foreign key, from this card, to that one) → rows


@dataclass(frozen=True)
class Rule:
    """How the rows of one relation move: what the API calls them, and which do. None: they stay."""

    name: str
    which: Which | None


def relations_to_cards() -> Iterator[Any]:
    """Yield the foreign keys of other rows to cards. History stays with what it tells about."""
    relations: Any = Prospect._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not (relation.auto_created and not relation.concrete):
            continue
        if not issubclass(relation.related_model, TenantEvent):
            yield relation.field


def label_of(key: Any) -> str:
    """The name of a foreign key: `app.Model.field`."""
    return f"{key.model._meta.label}.{key.name}"


def all_rows(key: Any, source: int, target: int) -> Any:
    """Every row moves, deleted ones too."""
    return rows_of(key, source)


def rows_that_fit(key: Any, source: int, target: int) -> Any:
    """Rows move unless the other card has one like it already: then its own counts.

    Those that do not move stay with the merged card, as they were.
    """
    rows = rows_of(key, source)
    for others in _unique_with(key):
        like_it = {name: OuterRef(name) for name in others}
        rows = rows.exclude(Exists(rows_of(key, target).filter(**like_it)))
    return rows


def rows_of(key: Any, card_id: int) -> Any:
    """The rows that hang on a card by this key."""
    return key.model._base_manager.filter(**{key.attname: card_id})


def _unique_with(key: Any) -> Iterator[list[str]]:
    """Yield what, together with the card, may exist but once."""
    if key.unique:
        yield []
    for constraint in key.model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and key.name in constraint.fields:
            yield [name for name in constraint.fields if name != key.name]


RULES: dict[str, Rule] = {
    "prospects.Contact.prospect": Rule("contacts", all_rows),
    "prospects.FollowUpNote.prospect": Rule("notes", all_rows),
    "prospects.Location.prospect": Rule("locations", all_rows),
    "prospects.PartnerData.prospect": Rule("partner_data", rows_that_fit),
    "prospects.Prospect.merged_into": Rule("merged_before", all_rows),
    "prospects.ProspectService.prospect": Rule("services", rows_that_fit),
    "prospects.ProspectUserObjectPermission.content_object": Rule("shares", rows_that_fit),
    "prospects.RespondioDelivery.prospect": Rule("respondio", rows_that_fit),
    "prospects.TeamAssignment.prospect": Rule("assignments", rows_that_fit),
    "clients.Company.prospect": Rule("company", all_rows),  # one card has it, or none
    # What the ledger says of the past stays true.
    "clients.CardMerge.survivor": Rule("merges", None),
    "clients.CardMerge.merged": Rule("merges", None),
    # It was said of a card as it was: of what it becomes nobody has said anything.
    "clients.DistinctCards.one": Rule("not_the_same", None),
    "clients.DistinctCards.other": Rule("not_the_same", None),
}


def key_of(label: str) -> Any:
    """The foreign key with this name."""
    return next(key for key in relations_to_cards() if label_of(key) == label)


def rows_to_move(*, source: int, target: int) -> dict[str, list[int]]:
    """Return the ids of what would move from one card to another, by relation.

    :raises KeyError: a relation has no rule.
    """
    found = {}
    for key in relations_to_cards():
        which = RULES[label_of(key)].which
        if which:
            rows = which(key, source, target).order_by("pk")
            found[label_of(key)] = list(rows.values_list("pk", flat=True))
    return {label: ids for label, ids in found.items() if ids}


def hang_on(label: str, ids: list[int], card_id: int) -> None:
    """Hang rows of one relation on a card."""
    key = key_of(label)
    key.model._base_manager.filter(pk__in=ids).update(**{key.attname: card_id})
