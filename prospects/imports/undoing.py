"""An applied import, taken back chunk by chunk; what people have worked on since is spared."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from core.models import TenantEvent
from prospects.contacts.models import Contact
from prospects.imports.known import find_known
from prospects.imports.matching import Verdict
from prospects.imports.models import ImportJob, ImportRow
from prospects.imports.reading import identifying_keys
from prospects.imports.turns import take_turn
from prospects.pipeline.bulk import Values, update_cards
from prospects.pipeline.models import Prospect
from prospects.pipeline.people import refresh_people
from prospects.pipeline.services import IDENTITY

CHUNK = 5000
Spared = ImportRow.Spared

# A card that nobody has touched has no history yet, nobody was in touch with it, and nothing hangs
# on it but the person it came with. `hangs` is made from the models' relations.
_DELETE = """
    WITH untouched AS (
        SELECT card.id FROM prospects_prospect AS card
        WHERE card.id = ANY(%(cards)s) AND card.tenant_id = %(tenant_id)s
          AND card.deleted_at IS NULL
          AND card.first_contact_at IS NULL AND card.next_contact_at IS NULL {hangs}
        ORDER BY card.id FOR UPDATE OF card
    ), gone AS (
        UPDATE prospects_prospect AS card SET deleted_at = %(at)s
        FROM untouched WHERE card.id = untouched.id RETURNING card.id
    ), people AS (
        UPDATE prospects_contact AS person SET deleted_at = %(at)s
        FROM gone WHERE person.prospect_id = gone.id AND person.deleted_at IS NULL
    )
    SELECT id FROM gone
"""
# The updated columns still say what the import wrote.
_UNTOUCHED = """
    SELECT planned.id FROM prospects_importrow AS planned
    JOIN prospects_prospect AS card
      ON card.id = planned.prospect_id AND card.tenant_id = planned.tenant_id
    WHERE planned.id = ANY(%s) AND card.deleted_at IS NULL
      AND jsonb_populate_record(card, planned.values) IS NOT DISTINCT FROM card
    ORDER BY card.id FOR UPDATE OF card
"""
_SPARE = """
    UPDATE prospects_importrow AS planned
    SET spared = CASE WHEN planned.id = ANY(%(taken)s) THEN 'taken'
        WHEN EXISTS (SELECT FROM prospects_prospect AS card
                     WHERE card.id = planned.prospect_id AND card.deleted_at IS NULL)
        THEN 'edited' ELSE 'gone' END
    WHERE planned.id = ANY(%(ids)s)
"""

_COMES_BY_ITSELF = frozenset(("prospects.RespondioDelivery",))
_PERSON = (
    "(SELECT person.id FROM prospects_contact AS person "
    "WHERE person.prospect_id = card.id AND person.is_primary AND person.deleted_at IS NULL)"
)


def undo_chunk(job: ImportJob, at: datetime) -> bool:
    """Take back the next rows of a job that is locked. Returns False when none are left."""
    rows = list(
        job.rows.filter(
            verdict__in=(Verdict.CREATE, Verdict.UPDATE),
            line__gt=job.undone_to_line,
            line__lte=job.applied_to_line,
        )
        .order_by("line")
        .values_list("pk", "line", "prospect_id", "verdict")[:CHUNK]
    )
    if not rows:
        return False
    take_turn()
    created = {card or 0: pk for pk, _, card, verdict in rows if verdict == Verdict.CREATE}
    updated = [pk for pk, _, _, verdict in rows if verdict == Verdict.UPDATE]
    gone = _delete(job, created, at) if created else set()
    restored, taken = _restore(job, updated) if updated else (set(), set())
    spared = (set(created.values()) | set(updated)) - gone - restored
    _spare(spared, taken)
    job.rows_undone += len(gone) + len(restored)
    job.rows_spared += len(spared)
    job.undone_to_line = rows[-1][1]
    job.save(update_fields=["rows_undone", "rows_spared", "undone_to_line"])
    return True


def _delete(job: ImportJob, created: dict[int, int], at: datetime) -> set[int]:
    """Delete created cards that nobody has worked on; return their rows."""
    params: dict[str, Any] = {"cards": list(created), "tenant_id": job.tenant_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_DELETE.format(hangs=_hangs_on_card()), params)
        return {created[card] for (card,) in cursor.fetchall()}


@cache
def _hangs_on_card() -> str:
    """The condition that nobody's work refers to a card or to the person it came with.

    Made from the models' relations: one that is added tomorrow spares cards without being named.
    """
    of_card = [_absent(model, f'"{column}" = card.id') for model, column in _links_to(Prospect)]
    of_person = [_absent(model, f'"{column}" = {_PERSON}') for model, column in _links_to(Contact)]
    history = (
        _absent(apps.get_model("prospects", "ProspectEvent"), "pgh_obj_id = card.id"),
        # A person's score is refreshed by nobody.
        _absent(
            apps.get_model("prospects", "ContactEvent"),
            f"pgh_obj_id = {_PERSON} AND hung.pgh_context ? 'user'",
        ),
    )
    return " ".join((*of_card, *of_person, *history))


def _links_to(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """The tables that refer to a model, and by which column; what comes by itself left out."""
    relations: Any = model._meta.get_fields(include_hidden=True)
    return [
        (relation.related_model, relation.field.column)
        for relation in relations
        if relation.auto_created
        and (relation.one_to_many or relation.one_to_one)
        and not issubclass(relation.related_model, TenantEvent)
        and relation.related_model._meta.label not in _COMES_BY_ITSELF
    ]


def _absent(model: type[models.Model], link: str) -> str:
    more = "AND NOT hung.is_primary" if model is Contact else ""
    return f'AND NOT EXISTS (SELECT FROM "{model._meta.db_table}" AS hung WHERE hung.{link} {more})'


def _restore(job: ImportJob, ids: list[int]) -> tuple[set[int], set[int]]:
    """Give updated cards their old values back: the rows restored, and those whose key is taken."""
    with connection.cursor() as cursor:
        cursor.execute(_UNTOUCHED, [ids])
        untouched = [pk for (pk,) in cursor.fetchall()]
    planned = ImportRow.objects.filter(pk__in=untouched)
    rows = list(planned.values_list("pk", "prospect_id", "before"))
    known = find_known([before for *_, before in rows], None)
    changes: dict[int, Values] = {}
    taken = set()
    for pk, card, before in rows:
        if any(match["id"] != card for _, match in known.matches(identifying_keys(before))):
            taken.add(pk)
        else:
            changes[card] = before
    update_cards(changes)
    refresh_people([card for card, before in changes.items() if before.keys() & IDENTITY])
    return set(untouched) - taken, taken


def _spare(ids: set[int], taken: set[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_SPARE, {"ids": list(ids), "taken": list(taken)})
