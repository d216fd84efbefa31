"""What hangs on a card, found in the models' relations, and how it moves to another card.

A relation without a rule stops every merge, and a test before that: nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from core.models import TenantEvent
from prospects.pipeline.models import Prospect

Move = Callable[[Any, int, int], None]  # (foreign key, from this card, to that one)


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


def move_all(key: Any, source: int, target: int) -> None:
    """Every row moves, deleted ones too."""
    _rows(key, source).update(**{key.attname: target})


def move_what_fits(key: Any, source: int, target: int) -> None:
    """Rows move unless the other card has one like it already: then its own counts.

    Those that do not move stay with the merged card, as they were.
    """
    rows = _rows(key, source)
    for others in _unique_with(key):
        like_it = {name: OuterRef(name) for name in others}
        rows = rows.exclude(Exists(_rows(key, target).filter(**like_it)))
    rows.update(**{key.attname: target})


def move_people(key: Any, source: int, target: int) -> None:
    """The people move; who was primary is one among others, if there is a primary already."""
    people = _rows(key, source)
    if _rows(key, target).filter(is_primary=True, deleted_at=None).exists():
        people.filter(is_primary=True).update(is_primary=False)
    people.update(**{key.attname: target})


def _rows(key: Any, card_id: int) -> Any:
    return key.model._base_manager.filter(**{key.attname: card_id})


def _unique_with(key: Any) -> Iterator[list[str]]:
    """Yield what, together with the card, may exist but once."""
    if key.unique:
        yield []
    for constraint in key.model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and key.name in constraint.fields:
            yield [name for name in constraint.fields if name != key.name]


# How the rows of each relation move; None: they stay, for the reason given.
RULES: dict[str, Move | None] = {
    "prospects.Contact.prospect": move_people,
    "prospects.FollowUpNote.prospect": move_all,
    "prospects.Location.prospect": move_all,
    "prospects.PartnerData.prospect": move_what_fits,
    "prospects.Prospect.merged_into": move_all,
    "prospects.ProspectService.prospect": move_what_fits,
    "prospects.ProspectUserObjectPermission.content_object": move_what_fits,
    "prospects.RespondioDelivery.prospect": move_what_fits,
    "prospects.TeamAssignment.prospect": move_what_fits,
    "clients.Company.prospect": None,  # a card with a company is merged into no other
}


def move_everything(*, source: int, target: int) -> None:
    """Hang on one card what hangs on another.

    :raises KeyError: a relation has no rule.
    """
    for key in relations_to_cards():
        move = RULES[label_of(key)]
        if move:
            move(key, source, target)
